#!/usr/bin/env python3
"""An origin that takes PUT, HEAD and DELETE into a folder: put_server.py FOLDER [FAIL_FIRST]. Prints its port, then a line a
request: METHOD PATH STATUS, and "conn" for each new connection. The first FAIL_FIRST requests are answered 503. A
name in the query (…?cid=KEY&file=NAME, as YouTube takes them) is the file's, in the folder itself."""
import http.server
import pathlib
import sys
import urllib.parse

FOLDER = pathlib.Path(sys.argv[1])
fail = int(sys.argv[2]) if len(sys.argv) > 2 else 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        print("conn", flush=True)

    def log_message(self, *_):
        pass

    def answer(self, status):
        print(self.command, self.path, status, self.headers.get("Authorization", "-"), flush=True)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def file(self):
        address = urllib.parse.urlsplit(self.path)
        name = urllib.parse.parse_qs(address.query).get("file")
        return FOLDER / (name[0] if name else address.path.lstrip("/"))

    def do_PUT(self):
        global fail
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if fail > 0:
            fail -= 1
            return self.answer(503)
        file = self.file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return self.answer(201)

    def do_HEAD(self):
        return self.answer(200 if self.file().exists() else 404)

    def do_DELETE(self):
        file = self.file()
        if not file.exists():
            return self.answer(404)
        file.unlink()
        return self.answer(204)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()

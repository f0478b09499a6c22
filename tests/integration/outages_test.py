"""What delivery survives: disks that are full, origins elsewhere that are broken in every way there is. The legs and
the viewers here do not notice, and what never got there is told by its numbers."""
import base64
import hmac
import http.server
import json
import pathlib
import re
import resource
import socket
import struct
import subprocess
import threading
import time
import unittest
import urllib.error
import urllib.request

import control
import peers

AUTHORIZATION = "Bearer what-only-the-origin-knows"


class Origin:
    """Takes PUT and DELETE into a folder; `fault` says how it is broken now: 503, slow (reads a few kB/s), late (answers
    after half a minute), reset (in the middle of a file), down (refuses connections); None: it is well."""

    def __init__(self, folder, fault=None):
        self.folder = pathlib.Path(folder)
        self.fault = fault
        self.asked = 0
        self.stopping = threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status):
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def read_body(self):
                left = int(self.headers["Content-Length"])
                body = b""
                while left > 0:
                    some = self.rfile.read(min(left, 512 if owner.fault == "slow" else 1 << 16))
                    if not some:
                        return None
                    body += some
                    left -= len(some)
                    if owner.fault == "slow":
                        owner.stopping.wait(0.2)
                    if owner.fault == "reset" and len(body) >= 1000:
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        self.connection.close()
                        return None
                return body

            def do_PUT(self):
                owner.asked += 1
                body = self.read_body()
                if body is None:
                    self.close_connection = True
                    return
                if owner.fault == "late":
                    owner.stopping.wait(30)
                if owner.fault:
                    self.answer(503)
                    return
                file = owner.folder / self.path.lstrip("/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
                self.answer(201)

            def do_DELETE(self):
                self.answer(405)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.handler, self.server_type = Handler, Server
        self.port = peers.free_port()
        self.server = None
        if fault != "down":
            self.listen()

    def listen(self):
        self.server = self.server_type(("127.0.0.1", self.port), self.handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def recover(self):
        self.fault = None
        if self.server is None:
            self.listen()

    def end(self):
        self.stopping.set()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def url(self):
        return f"http://127.0.0.1:{self.port}/live/"


class SmallDisk:
    """A disk that can be filled, stays full and is emptied again: a small file system where one may be mounted;
    elsewhere a limit of how large files of the process may be, which it meets in the same calls."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "disk"
        self.folder.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(self.folder)],
                                 capture_output=True, check=False)
        self.mounted = mounted.returncode == 0
        self.says = "No space left on device" if self.mounted else "File too large"
        self.freed = threading.Event()
        self.filler = None

    def fill(self, pid):
        if not self.mounted:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
            return
        self.filler = threading.Thread(target=self.keep_full, daemon=True)
        self.filler.start()

    def keep_full(self):
        with open(self.folder / "ballast", "wb", buffering=0) as ballast:
            while not self.freed.wait(0.02):
                try:
                    while True:
                        ballast.write(b"x" * 4096)
                except OSError:
                    pass

    def free(self, pid):
        if self.mounted:
            self.freed.set()
            self.filler.join()
            (self.folder / "ballast").unlink()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def end(self):
        self.freed.set()
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


def listed(text):
    return [int(n) for n in re.findall(r"^s(\d+)\.m4s$", text, re.M)]


def numbers_of(ranges):
    """{1760, 1761} of "1760-1761"."""
    out = set()
    for part in filter(None, ranges.split(", ")):
        first, _, last = part.partition("-")
        out.update(range(int(first), int(last or first) + 1))
    return out


class OutagesTest(control.ControlCase):
    def go_on_air(self, hls, **more):
        """A show of two renditions with a leg, whose stream is served here."""
        nginx = peers.Nginx(self.folder)
        self.addCleanup(nginx.end)
        show = self.bars_show({"platform": {"main": {"url": nginx.url(), "key": "one"}}}, **more)
        show["encode"]["video"].append({"name": "v1", "kbps": 300, "height": 90, "keyint_s": 1, "preset": "ultrafast"})
        self.hls_port = peers.free_port()
        show["hls"] = {"listen": f"127.0.0.1:{self.hls_port}", "segment_s": 1, "part_ms": 200, "window_s": 6, **hls}
        mainstay = self.start(show)
        self.await_live("platform", "main")
        return mainstay

    def preview(self, rendition="v0"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.hls_port}/live/{rendition}/index.m3u8", timeout=10) as answer:
            return answer.read().decode()

    def await_preview(self, segments=1, since=None):
        """So many segments more than `since` (default: now); the number of the last one."""
        start = since if since is not None else (listed(self.preview()) or [0])[-1]
        peers.wait_for(f"{segments} more segments for viewers here",
                       lambda: (listed(self.preview()) or [0])[-1] >= start + segments, 20 + 2 * segments, step=0.2)
        return listed(self.preview())[-1]

    def end_and_check(self, mainstay):
        """Neither the program nor the leg noticed anything."""
        mainstay.stop()
        report = mainstay.report()
        peers.assert_on_time(self, report)
        (leg,) = report["legs"]
        self.assertEqual((leg["dropped"], leg["connects"], leg["outages"]), (0, 1, []))
        return report

    def events(self, kind):
        return [event for event in self.must("event.list", limit=2000) if event["type"] == kind]

    def test_origins_broken_in_every_way_cost_nobody_anything_and_are_brought_up_to_date(self):
        faults = ["503", "slow", "late", "reset", "down"]
        origins = {fault: Origin(self.folder / fault, fault) for fault in faults}
        for origin in origins.values():
            self.addCleanup(origin.end)
        mainstay = self.go_on_air({"publish": [{"url": origins[fault].url(), "timeout_ms": 1000, "remove": False}
                                               for fault in faults]})
        peers.wait_for("a playlist here", lambda: self.state("/hls/state") == "live", 20)
        first = listed(self.preview())[0]
        states = lambda: [one["state"] for one in self.state("/hls/publish")]
        peers.wait_for("all of them to have failed", lambda: states() == ["failed"] * len(faults), 30)
        # Longer than a window: some segments can never get there any more.
        self.await_preview(9)
        self.assertEqual(states(), ["failed"] * len(faults))
        for origin in origins.values():
            origin.recover()
        peers.wait_for("all of them to be brought up to date", lambda: states() == ["live"] * len(faults), 40)
        last = self.await_preview(2)
        peers.wait_for("them to have that", lambda: all(
            (listed((origin.folder / "live/v0/index.m3u8").read_text()) or [0])[-1] >= last
            for origin in origins.values()), 20)
        told = self.state("/hls/publish")
        events = self.events("hls.publish")
        for fault, one in zip(faults, told):
            folder = origins[fault].folder / "live"
            with self.subTest(fault):
                for rendition in ("v0", "v1", "a0"):
                    there = {int(n) for n in re.findall(r"s(\d+)\.m4s", " ".join(f.name for f in (folder / rendition).iterdir()))}
                    # Each number is there, or is one of those that are said to be lost.
                    self.assertEqual(set(range(first, last)) - there - numbers_of(one["lost_segments"]), set())
                    # What a playlist names is there: no hole for who plays from that place.
                    for name in re.findall(r"^(\w+\.m4s)$", (folder / rendition / "index.m3u8").read_text(), re.M):
                        self.assertTrue((folder / rendition / name).exists(), name)
                self.assertGreater(one["lost"], 0)
                where = one["where"]
                failed = [e for e in events if e["subject"] == where and e["data"]["state"] == "failed"]
                back = [e for e in events if e["subject"] == where and e["data"]["state"] == "live"]
                self.assertTrue(failed)
                self.assertRegex(back[-1]["message"], r"^live: \d+ files never got there, of segments \d+")
                self.assertEqual(numbers_of(back[-1]["data"]["lost_segments"]), numbers_of(one["lost_segments"]))
        self.end_and_check(mainstay)

    def test_a_full_disk_costs_the_files_that_do_not_fit_and_nothing_else(self):
        disk = SmallDisk(self.folder)
        self.addCleanup(disk.end)
        mainstay = self.go_on_air({"publish": [{"path": str(disk.folder / "out")}], "store": str(disk.folder / "store"),
                                   "dvr_s": 12})
        pid = mainstay.process.child.pid
        playlist = disk.folder / "out" / "v0" / "index.m3u8"
        peers.wait_for("the folder to be published to", lambda: playlist.exists() and len(listed(playlist.read_text())) >= 3, 30)
        peers.wait_for("a longer window than memory's", lambda: len(listed(self.preview())) >= 8, 30)
        disk.fill(pid)
        told = lambda kind: [e["message"] for e in self.events(kind) if disk.says in e["message"]]
        peers.wait_for("the folder to be told full", lambda: told("hls.publish"), 30)
        peers.wait_for("the store to be told full", lambda: "segments cannot be kept" in "".join(told("hls.state")), 30)
        self.assertEqual(self.state("/hls/state"), "live")
        self.await_preview(10)
        # One line says it, however long it lasts.
        self.assertLessEqual(len(told("hls.state")), 4, told("hls.state"))
        disk.free(pid)
        peers.wait_for("the folder to be live again", lambda: self.state("/hls/publish/0/state") == "live", 30)
        peers.wait_for("the store to be well", lambda: self.state("/hls/detail") == "", 30)
        last = self.await_preview(1)
        peers.wait_for("the folder to have caught up", lambda: listed(playlist.read_text())[-1] >= last, 20)
        for name in re.findall(r"^(\w+\.m4s)$", playlist.read_text(), re.M):
            self.assertTrue((playlist.parent / name).exists(), name)
        # Older segments come from the disk again, and numbers are kept.
        peers.wait_for("a longer window than memory's, again", lambda: len(listed(self.preview())) >= 9, 30)
        oldest = listed(self.preview())[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{self.hls_port}/live/v0/s{oldest}.m4s", timeout=10) as answer:
            self.assertGreater(len(answer.read()), 500)
        self.end_and_check(mainstay)
        self.assertEqual(list(disk.folder.rglob("*.new")), [])
        self.assertIn("next_msn", (disk.folder / "store" / "live.numbers.json").read_text())

    def test_no_secret_of_delivery_is_shown_anywhere(self):
        secrets = {"publisher": "publisher-word-4711", "query": "query-word-4712", "password": "password-word-4713",
                   "tokens": "token-secret-word-4714", "env": "environment-word-4715"}
        home = self.folder / "config"
        (home / "mainstay").mkdir(parents=True)
        file = home / "mainstay" / "secrets.json"
        file.write_text(json.dumps({name: secrets[name] for name in ("query", "tokens")}))
        file.chmod(0o600)
        broken = Origin(self.folder / "origin", "503")
        self.addCleanup(broken.end)
        silent = peers.free_port()
        self.environment = {"XDG_CONFIG_HOME": str(home), "DELIVERY_WORD": secrets["env"]}
        publish = [{"url": f"http://user:{secrets['password']}@127.0.0.1:{silent}/live/?key=${{secret:query}}&file=",
                    "timeout_ms": 500, "publish_key": True},
                   {"url": broken.url(), "backup_url": f"http://127.0.0.1:{silent}/${{env:DELIVERY_WORD}}/",
                    "authorization": f"Bearer {secrets['publisher']}", "timeout_ms": 500, "key_uri": "https://keys.example/"},
                   {"path": "out", "key_uri": "https://keys.example/{file}"}]
        mainstay = self.go_on_air({"publish": publish, "encryption": "aes128", "key_segments": 2,
                                   "access": {"mode": "token", "secret": "${secret:tokens}"}})
        peers.wait_for("three places to have failed",
                       lambda: [p["state"] for p in self.state("/hls/publish")].count("failed") == 3, 30)
        token = self.must("hls.token")["token"]
        base = f"http://127.0.0.1:{self.hls_port}/live"
        text = urllib.request.urlopen(f"{base}/v0/index.m3u8?token={token}", timeout=10).read().decode()
        name = re.search(r"\.\./(keys/\w+\.key)", text)[1]
        key = urllib.request.urlopen(f"{base}/{name}?token={token}", timeout=10).read()
        self.assertEqual(len(key), 16)
        self.check_tokens(base, name, secrets["tokens"])
        seen = {"state": self.must("state.get"), "show": self.must("show.get"), "events": self.must("event.list", limit=2000),
                "viewers": self.must("hls.viewers"),
                # Errors that come of a change that cannot be.
                "refusal": control.api(self.port, "show.set", {"pointer": "/hls/publish/0/timeout_ms", "value": -1}),
                "missing": control.api(self.port, "show.set", {"pointer": "/hls/publish/1/authorization",
                                                               "value": "${secret:nowhere}"})}
        mainstay.stop()
        seen.update(log=mainstay.log(), report=mainstay.report_path.read_text())
        hidden = list(secrets.values()) + [key.hex()]
        for place, what in seen.items():
            for secret in hidden:
                self.assertNotIn(secret, what if isinstance(what, str) else str(what), place)
        self.assertIn("hls", seen["log"])
        # Neither is a key: it stands beside no segment unless that is asked for.
        out = [f for f in (self.folder / "out").rglob("*") if f.is_file()]
        self.assertTrue(any(f.suffix == ".m4s" for f in out))
        self.assertEqual([f for f in out if f.suffix == ".key" or key in f.read_bytes()], [])
        self.assertIn('URI="https://keys.example/', (self.folder / "out/v0/index.m3u8").read_text())

    def check_tokens(self, base, key, secret):
        """One made elsewhere by the recipe of docs/watching.md opens everything; others nothing."""
        def token(signed_with, stream, expires, says=None):
            signature = hmac.digest(signed_with.encode(), f"mainstay-stream-v1\n{stream}\n{expires}".encode(), "sha256")
            return f"v1.{says or expires}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

        def status(path, with_token):
            try:
                with urllib.request.urlopen(f"{base}/{path}?token={with_token}", timeout=10) as answer:
                    return answer.status
            except urllib.error.HTTPError as refused:
                return refused.code
        soon = int(time.time()) + 600
        bad = {"forged": token("some-other-secret-word", "live", soon), "expired": token(secret, "live", soon - 700),
               "swapped": token(secret, "other", soon), "prolonged": token(secret, "live", soon - 700, soon), "none": ""}
        for path in ("index.m3u8", "v0/index.m3u8", key):
            self.assertEqual(status(path, token(secret, "live", soon)), 200, path)
            for kind, one in bad.items():
                self.assertIn(status(path, one), (401, 403), f"{kind} {path}")

    def start(self, document, arguments=("--log-level", "debug"), name="mainstay"):
        document = {**document, "remote": {"listen": f"127.0.0.1:{self.port}"}}
        mainstay = peers.Mainstay(self.folder, document, arguments, name=name, env=getattr(self, "environment", None))
        self.addCleanup(mainstay.stop)
        peers.wait_for("the API to listen", lambda: peers.can_connect(self.port) or not mainstay.process.running())
        return mainstay


if __name__ == "__main__":
    unittest.main()

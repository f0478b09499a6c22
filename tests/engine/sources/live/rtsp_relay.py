#!/usr/bin/env python3
"""A small RTSP server for tests: hands on the RTP of an ffmpeg command, over the connection or as datagrams.

Usage: rtsp_relay.py PORT SDP BASE: SDP as ffmpeg's -sdp_file wrote it; track k's RTP comes to BASE + 4k, its RTCP to
BASE + 4k + 1.
"""
import re
import select
import socket
import sys


class Relay:
    def __init__(self, port, sdp, base):
        self.base = base
        parts = re.split(r"(?=^m=)", sdp.replace("\r\n", "\n"), flags=re.M)
        tracks = [re.sub(r"^(m=\w+) \d+", r"\1 0", part, flags=re.M).rstrip("\n") + f"\na=control:track{k}\n"
                  for k, part in enumerate(parts[1:])]
        self.described = (parts[0] + "".join(tracks)).replace("\n", "\r\n").encode()
        self.inputs = []
        for k in range(len(tracks)):
            for more in range(2):
                self.inputs.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                self.inputs[-1].bind(("127.0.0.1", base + 4 * k + more))
        self.listener = socket.create_server(("127.0.0.1", port))
        self.client = None
        self.forget()

    def forget(self):
        if self.client:
            self.client.close()
        self.client, self.received, self.playing, self.ports = None, b"", False, {}

    def answer(self, request):
        verb, url = request.split(" ")[:2]
        number = re.search(r"CSeq: *(\d+)", request, re.I).group(1)
        head, body = "", b""
        if verb == "OPTIONS":
            head = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif verb == "DESCRIBE":
            body = self.described
            head = f"Content-Base: {url}/\r\nContent-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif verb == "SETUP":
            k = int(url.rsplit("track", 1)[1])
            ports = re.search(r"client_port=(\d+)-(\d+)", request)
            if ports:
                self.ports[2 * k], self.ports[2 * k + 1] = int(ports.group(1)), int(ports.group(2))
                first = self.base + 4 * k
                way = f"RTP/AVP/UDP;unicast;client_port={ports.group(1)}-{ports.group(2)};server_port={first}-{first + 1}"
            else:
                way = f"RTP/AVP/TCP;unicast;interleaved={2 * k}-{2 * k + 1}"
            head = f"Transport: {way}\r\nSession: 1\r\n"
        elif verb == "PLAY":
            self.playing = True
            head = "Session: 1\r\n"
        self.client.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{head}\r\n".encode() + body)

    def listen(self):
        data = self.client.recv(65536)
        if not data:
            return self.forget()
        self.received += data
        while self.received:
            if self.received[:1] == b"$":  # the client's RTCP
                if len(self.received) < 4:
                    return None
                size = 4 + int.from_bytes(self.received[2:4], "big")
                if len(self.received) < size:
                    return None
                self.received = self.received[size:]
                continue
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return None
            request, self.received = self.received[:end].decode(), self.received[end + 4:]
            self.answer(request)
        return None

    def hand_on(self, channel, packet):
        if channel in self.ports:
            self.inputs[channel].sendto(packet, ("127.0.0.1", self.ports[channel]))
        else:
            self.client.sendall(b"$" + bytes([channel]) + len(packet).to_bytes(2, "big") + packet)

    def run(self):
        while True:
            sockets = self.inputs + [self.listener] + ([self.client] if self.client else [])
            for s in select.select(sockets, [], [])[0]:
                try:
                    if s is self.listener:
                        self.forget()
                        self.client = self.listener.accept()[0]
                    elif s is self.client:
                        self.listen()
                    elif s in self.inputs:
                        packet = s.recv(65536)
                        if self.playing:
                            self.hand_on(self.inputs.index(s), packet)
                except OSError:
                    self.forget()


with open(sys.argv[2], encoding="utf-8") as file:
    Relay(int(sys.argv[1]), file.read(), int(sys.argv[3])).run()

"""Ten thousand connections that only stay open: viewers, the API, legs and recordings do not notice."""
import resource
import socket
import time
import unittest
import urllib.request

import peers

CROWD = 10_000
# A request of a viewer or of the API, beside a crowd that comes and goes; without one it takes a few ms.
SOON = 1.0 * peers.TIME_SCALE


def fetch(url):
    begun = time.monotonic()
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read(), time.monotonic() - begun


def body(url):
    try:
        return fetch(url)[0]
    except OSError:
        return b""


class CrowdTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)
        files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (files, most))
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        # Half of what a process may open is ours: the system's limit is the same for both.
        self.assertGreater(most, 2000, "this test needs open files")
        self.crowd_size = min(CROWD, most - 200)

    def crowd(self, port, sends):
        """So many connections, from several addresses of this machine: one has 28,000 ports only."""
        crowd = []
        self.addCleanup(lambda: [one.close() for one in crowd])
        for i in range(self.crowd_size):
            one = socket.socket()
            crowd.append(one)
            one.bind((f"127.0.1.{1 + i % 8}", 0))
            one.settimeout(5)
            one.connect(("127.0.0.1", port))
            try:
                one.send(sends[i % len(sends)])
            except OSError:
                pass  # sent away already
        return crowd

    def test_viewers_and_the_api_are_served_and_a_leg_comes_back(self):
        receiver = peers.SrtReceiver(self.folder)
        self.addCleanup(receiver.end)
        hls, api = peers.free_port(), peers.free_port()
        show = peers.show({"type": "bars"}, {"platform": {"main": {"url": receiver.url()}}}, width=320, height=180)
        show["hls"] = {"listen": f"127.0.0.1:{hls}", "segment_s": 1, "part_ms": 333, "window_s": 6, "max_connections": 65536}
        show["remote"] = {"listen": f"127.0.0.1:{api}"}
        show["record"] = {"path": "%H-%M-%S.mp4"}
        mainstay = peers.Mainstay(self.folder, show)
        self.addCleanup(mainstay.stop)
        mainstay.says("platform/main: live")
        playlist = f"http://127.0.0.1:{hls}/live/v0/index.m3u8"
        peers.wait_for("the stream", lambda: body(playlist), 30)

        # Nothing at all, half a header, and whoever has been served and stays.
        half = b"GET /live/index.m3u8 HTTP/1.1\r\nX-Slow: "
        self.crowd(hls, [b"", half, b"GET /live/index.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n"])
        self.crowd_size = min(self.crowd_size, 1000)
        self.crowd(api, [b"", half])

        slowest = 0
        for _ in range(10):
            text, took = fetch(playlist)
            slowest = max(slowest, took)
            part = next(line.split('URI="')[1].split('"')[0] for line in reversed(text.decode().splitlines())
                        if line.startswith("#EXT-X-PART:"))
            for url in (f"http://127.0.0.1:{hls}/live/v0/{part}", f"http://127.0.0.1:{api}/api/describe"):
                slowest = max(slowest, fetch(url)[1])
        self.assertLess(slowest, SOON)

        # What is opened now, beside all of them: a leg's socket, a file of a recording.
        receiver.kill()
        mainstay.says("platform/main: backoff", 10)
        receiver.start()
        peers.wait_for("the leg to come back", lambda: mainstay.log().count("platform/main: live") >= 2, 40)
        _, took = fetch(playlist)
        self.assertLess(took, SOON)
        self.assertEqual(mainstay.stop(), 0, mainstay.log())
        report = mainstay.report()
        peers.assert_on_time(self, report)
        self.assertNotIn("Too many open files", mainstay.log())
        self.assertTrue(any(self.folder.glob("*.mp4")))


if __name__ == "__main__":
    unittest.main()

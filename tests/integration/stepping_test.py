"""A destination whose main leg's network gets narrow: it steps down the ladder and up again, the backup stays on top."""
import re
import socket
import threading
import time
import unittest

import peers


class NarrowUplink:
    """Relays TCP to a port of this machine; what goes there is narrow (`kbps`, None: wide), and next to nothing waits here."""

    def __init__(self, to_port):
        self.to_port = to_port
        self.kbps = None
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.to_port))
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source, sink, narrow):
        free_at = time.monotonic()
        try:
            while data := source.recv(1400):
                if narrow and self.kbps:
                    free_at = max(time.monotonic() - 0.05, free_at) + len(data) * 8 / (self.kbps * 1000)
                    time.sleep(max(0, free_at - time.monotonic()))
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def end(self):
        self.listener.close()


def frames(path):
    """(place from the first one on, height) of each picture, decoded."""
    out = peers.must(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts_time,height", "-of",
                      "csv=p=0", path])
    found = [(float(time), int(height)) for time, height in re.findall(r"([\d.]+),(\d+)", out)]
    return [(round((time - found[0][0]) * 30), height) for time, height in found]


class SteppingTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)

    def test_the_main_leg_steps_down_and_up_and_the_backup_notices_nothing(self):
        nginx = peers.Nginx(self.folder)
        line = NarrowUplink(nginx.port)
        self.addCleanup(line.end)
        main = nginx.url().replace(f":{nginx.port}", f":{line.port}")
        show = peers.show({"type": "bars"}, {"platform": {"main": {"url": main, "key": "narrow"}, "backup": {"url": nginx.url(), "key": "straight"},
                                              "step": {"up_after_ms": 3000}}})
        # Filled up to their rates, so that a still picture makes a line full.
        common = {"keyint_s": 1, "preset": "ultrafast", "options": {"nal-hrd": "cbr"}}
        show["encode"]["video"] = [{"name": "v0", "kbps": 1800, **common}, {"name": "v1", "height": 240, "kbps": 700, **common},
                                   {"name": "v2", "height": 144, "kbps": 250, **common}]
        mainstay = peers.Mainstay(self.folder, show, ["--for", "24s"])
        self.addCleanup(mainstay.stop)
        self.addCleanup(nginx.kill)
        mainstay.says("leg platform/main: live")
        time.sleep(4)
        line.kbps = 1200
        mainstay.says("leg platform/main: steps down from v0 to v1 (240 lines)")
        time.sleep(2)
        line.kbps = None
        mainstay.says("leg platform/main: steps up from v1 to v0 (360 lines)")
        self.assertEqual(mainstay.wait(60), 0, mainstay.log())
        nginx.end()
        report = mainstay.report()
        peers.assert_on_time(self, report)
        legs = {leg["role"]: leg for leg in report["legs"]}
        self.assertEqual([(step["from"], step["to"]) for step in legs["main"]["steps"]], [("v0", "v1"), ("v1", "v0")])
        self.assertEqual((legs["main"]["rendition"], legs["main"]["step_count"]), ("v0", 2))
        self.assertEqual((legs["backup"]["rendition"], legs["backup"]["step_count"]), ("v0", 0))
        for leg in legs.values():
            self.assertEqual((leg["dropped"], leg["connects"]), (0, 1), leg)
        heights = {"main": {360, 240}, "backup": {360}}
        for path in nginx.recordings():
            role = "main" if "narrow" in path.name else "backup"
            got = frames(path)
            self.assertEqual([place for place, _ in got], list(range(len(got))), path)
            self.assertGreater(len(got), 20 * 30)
            self.assertEqual({height for _, height in got}, heights.pop(role))
            read = peers.run(["ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-"])
            self.assertEqual((read.returncode, read.stderr), (0, ""), path)
        self.assertEqual(heights, {})


if __name__ == "__main__":
    unittest.main()

"""Live sources on air: a screen and a stream whose peers freeze and come back, and a program that is not held up."""
import os
import unittest

import peers


class LiveSourcesTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)

    def child(self, arguments, name):
        child = peers.Process([str(a) for a in arguments], self.folder, name)
        self.addCleanup(child.end)
        return child

    def screen(self):
        number = next(n for n in range(90, 200) if not os.path.exists(f"/tmp/.X11-unix/X{n}")
                      and not os.path.exists(f"/tmp/.X{n}-lock"))
        server = self.child(["Xvfb", f":{number}", "-screen", "0", "320x240x24", "-nolisten", "tcp"], "xvfb")
        peers.wait_for("Xvfb to listen", lambda: os.path.exists(f"/tmp/.X11-unix/X{number}"))
        return f":{number}", server

    def test_peers_that_freeze_hold_no_frame_up(self):
        port = peers.free_udp_port()
        display, server = self.screen()
        sender = self.child(
            ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
             "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-c:v", "libx264", "-preset", "ultrafast",
             "-tune", "zerolatency", "-g", "15", "-c:a", "aac", "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316"],
            "sender")
        document = peers.show(
            {"type": "stream", "url": f"udp://127.0.0.1:{port}", "timeout_ms": 1500}, {}, width=320, height=180,
            scenes={"Both": {"layers": [{"source": "clip"}, {"source": "screen", "width": 160, "height": 90}]}}, on_air="Both")
        document["sources"]["screen"] = {"type": "screen", "display": display}
        document["sources"]["gone"] = {"type": "camera", "device": "/dev/video987"}
        document["scenes"]["Both"]["layers"].append({"source": "gone", "width": 80, "height": 60})
        mainstay = peers.Mainstay(self.folder, document)
        self.addCleanup(mainstay.stop)
        mainstay.says("30 fps h264", 30)
        mainstay.says("320×240", 30)
        mainstay.says("there is no camera /dev/video987")
        sender.freeze()
        server.freeze()
        mainstay.says("is lost: nothing came for 1.5 s", 30)
        mainstay.says("does not let go: a call that hangs is left behind", 30)
        sender.thaw()
        peers.wait_for("the stream to come back", lambda: mainstay.log().count("30 fps h264") > 1, 60)
        # The screen's server stays frozen: the show ends all the same.
        self.assertEqual(mainstay.stop(), 1, "the camera failed")
        server.thaw()
        report = mainstay.report()
        self.assertEqual(len(report["errors"]), 1, report["errors"])
        self.assertIn("there is no camera /dev/video987", str(report["errors"][0]))
        frames = report["frames"]
        if peers.TIME_SCALE == 1:
            self.assertLessEqual(frames["late"], max(3, frames["rendered"] // 50), frames)


if __name__ == "__main__":
    unittest.main()

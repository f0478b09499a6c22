"""obs-websocket as the clients in the field speak it: obs-websocket-js (obs/) against our server."""
import pathlib
import subprocess
import unittest

import peers

HERE = pathlib.Path(__file__).resolve().parent / "obs"
PLACE = peers.BUILD / "obs_peer"


class ObsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        peers.npm_peer(HERE, PLACE)

    def test_obs_websocket_js_finds_what_it_knows(self):
        done = subprocess.run(["node", "client_test.mjs"], cwd=PLACE, timeout=180, text=True, capture_output=True,
                              env={**peers.os.environ, "OBS_SERVER": str(peers.BUILD / "bin" / "obs_fake_server")})
        self.assertEqual(done.returncode, 0, done.stdout[-8000:] + done.stderr[-4000:])
        self.assertIn("# fail 0", done.stdout)
        self.assertIn("# skipped 0", done.stdout)

    def test_a_show_on_air_is_driven_by_obs_websocket_js(self):
        workspace = peers.workspace()
        folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)
        port, obs_port = peers.free_port(), peers.free_port()
        receiver = peers.SrtReceiver(folder)
        self.addCleanup(receiver.end)
        show = peers.show({"type": "bars"}, {"platform": {"main": {"url": receiver.url()}}}, width=320, height=180)
        show["sources"]["blue"] = {"type": "color", "color": "#0000ff"}
        show["scenes"] = {"Bars": {"layers": [{"source": "clip"}]}, "Blue": {"layers": [{"source": "blue"}]}}
        show["record"] = {"path": "obs.mp4", "enabled": False}
        show["remote"] = {"listen": f"127.0.0.1:{port}",
                          "obs": {"listen": f"127.0.0.1:{obs_port}", "password": "the-obs-password"}}
        mainstay = peers.Mainstay(folder, show)
        self.addCleanup(mainstay.stop)
        peers.wait_for("the OBS port to listen", lambda: peers.can_connect(obs_port))
        mainstay.says("platform/main: live")
        done = subprocess.run(["node", "real_test.mjs"], cwd=PLACE, timeout=120, text=True, capture_output=True,
                              env={**peers.os.environ, "OBS_URL": f"ws://127.0.0.1:{obs_port}",
                                   "OBS_PASSWORD": "the-obs-password"})
        self.assertEqual(done.returncode, 0, done.stdout[-8000:] + done.stderr[-4000:] + mainstay.log()[-4000:])
        self.assertIn("# skipped 0", done.stdout)
        self.assertEqual(mainstay.wait(10), 0, "StopStream ended the show")
        self.assertNotIn("the-obs-password", mainstay.log() + mainstay.report_path.read_text())
        self.assertGreater((folder / "obs.mp4").stat().st_size, 1000)


if __name__ == "__main__":
    unittest.main()

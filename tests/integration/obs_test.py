"""obs-websocket as the clients in the field speak it: obs-websocket-js (obs/) against our server."""
import pathlib
import shutil
import subprocess
import unittest

import peers

HERE = pathlib.Path(__file__).resolve().parent / "obs"
PLACE = peers.BUILD / "obs_peer"


def install():
    """The client library, exactly as locked, once for each lock file."""
    PLACE.mkdir(parents=True, exist_ok=True)
    stamp = PLACE / "installed.lock"
    lock = (HERE / "package-lock.json").read_text()
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, PLACE)
    if stamp.exists() and stamp.read_text() == lock:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, PLACE)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=PLACE, check=True,
                   stdout=subprocess.DEVNULL, timeout=180)
    stamp.write_text(lock)


class ObsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()

    def test_obs_websocket_js_finds_what_it_knows(self):
        done = subprocess.run(["node", "client_test.mjs"], cwd=PLACE, timeout=180, text=True, capture_output=True,
                              env={**peers.os.environ, "OBS_SERVER": str(peers.BUILD / "bin" / "obs_fake_server")})
        self.assertEqual(done.returncode, 0, done.stdout[-8000:] + done.stderr[-4000:])
        self.assertIn("# fail 0", done.stdout)
        self.assertIn("# skipped 0", done.stdout)


if __name__ == "__main__":
    unittest.main()

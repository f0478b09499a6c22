"""The API's description, checked against the OpenRPC specification's own schema."""
import json
import pathlib
import subprocess
import unittest
import urllib.request

import peers

HERE = pathlib.Path(__file__).resolve().parent / "openrpc"
PLACE = peers.BUILD / "openrpc_peer"


class OpenRpcTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        peers.npm_peer(HERE, PLACE)

    def validate(self, description):
        return subprocess.run(["node", "validate.mjs"], cwd=PLACE, timeout=60, text=True, capture_output=True,
                              input=json.dumps(description))

    def describe(self):
        with peers.workspace() as folder:
            port = peers.free_port()
            show = peers.show({"type": "bars"}, {}, width=160, height=90)
            show["remote"] = {"listen": f"127.0.0.1:{port}"}
            mainstay = peers.Mainstay(folder, show)
            try:
                peers.wait_for("the API to listen", lambda: peers.can_connect(port) or not mainstay.process.running())
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/describe", timeout=10) as answer:
                    return json.load(answer)
            finally:
                mainstay.stop()

    def test_the_description_is_as_the_specification_has_it(self):
        description = self.describe()
        done = self.validate(description)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.strip(), f"{len(description['methods'])} methods")
        # and what is not, is seen
        method = description["methods"][0]
        for breach in ({**method, "params": [{"name": 1}]}, {**method, "nonsense": 1},
                       {**method, "errors": [{"code": "x", "message": "y"}]}):
            wrong = self.validate({**description, "methods": [breach]})
            self.assertEqual(wrong.returncode, 1, wrong.stdout + wrong.stderr)
            self.assertIn("/methods/0", wrong.stdout)


if __name__ == "__main__":
    unittest.main()

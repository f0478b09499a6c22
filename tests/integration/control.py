"""What the tests of the remote API share."""
import http.client
import json
import unittest

import peers


def api(port, method, params=None, token=None):
    """One JSON-RPC call over HTTP: (result, error)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    connection.request("POST", "/api", json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}),
                       headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer.get("result"), answer.get("error")


class ControlCase(unittest.TestCase):
    """A show on air whose API listens."""

    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)
        self.port = peers.free_port()

    def start(self, document, arguments=(), name="mainstay"):
        document = {**document, "remote": {"listen": f"127.0.0.1:{self.port}"}}
        mainstay = peers.Mainstay(self.folder, document, arguments, name=name)
        self.addCleanup(mainstay.stop)
        peers.wait_for("the API to listen", lambda: peers.can_connect(self.port) or not mainstay.process.running())
        return mainstay

    def must(self, method, **params):
        result, error = api(self.port, method, params)
        self.assertIsNone(error, f"{method}: {error}")
        return result

    def bars_show(self, destinations, **more):
        show = peers.show({"type": "bars"}, destinations, width=320, height=180, **more)
        show["sources"]["blue"] = {"type": "color", "color": "#0000ff"}
        show["scenes"] = {"Bars": {"layers": [{"source": "clip"}]}, "Blue": {"layers": [{"source": "blue"}]}}
        show["on_air"] = "Bars"
        return show

    def state(self, path):
        return self.must("state.get", path=path)

    # The API is there a moment before the show is on air and has legs.
    def await_live(self, destination, role):
        peers.wait_for(f"{destination}/{role} to be live",
                       lambda: api(self.port, "state.get", {"path": f"/legs/{destination}/{role}/state"})[0] == "live",
                       20)

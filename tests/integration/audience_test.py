"""What viewers' players report, from networks that the operator has mapped: summary, metrics, what is kept, and alerts."""
import http.client
import json
import sqlite3
import unittest

import control
import peers

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


class Viewer:
    """A player at an address of its own: all of 127.0.0.0/8 is this machine."""

    def __init__(self, port, ip, session, agent=DESKTOP):
        self.port, self.ip, self.session, self.agent = port, ip, session, agent
        self.number = 0

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10, source_address=(self.ip, 0))
        connection.request(method, path, body, {"User-Agent": self.agent})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def report(self, **sums):
        self.number += 1
        status, _ = self.ask("POST", "/beacon", json.dumps({"session": self.session, "number": self.number, **sums}))
        assert status == 204, status


class AudienceTest(control.ControlCase):
    def setUp(self):
        super().setUp()
        self.hls_port = peers.free_port()
        show = self.bars_show({})
        show["hls"] = {"listen": f"127.0.0.1:{self.hls_port}", "segment_s": 1, "part_ms": 200, "window_s": 6, "store": "store",
                       "regions": {"127.0.1.0/24": "north", "127.0.2.0/24": "south", "127.0.2.128/25": "harbour"},
                       "alerts": {"startup_p95_s": 2, "rebuffer_ratio": 0.05, "error_ratio": 0.2, "window_s": 10,
                                  "least_sessions": 4, "clear_ms": 500}}
        self.mainstay = self.start(show)
        peers.wait_for("the stream to be served", lambda: peers.can_connect(self.hls_port))

    def viewers(self, *places):
        return [Viewer(self.hls_port, ip, f"{name}", agent) for name, ip, agent in places]

    def metrics(self, path="/metrics"):
        status, text = Viewer(self.hls_port, "127.0.0.1", "none").ask("GET", path)
        self.assertEqual(status, 200)
        return text.decode()

    def alerts(self):
        return [(event["subject"], event["data"]["state"]) for event in self.must("event.list", limit=2000)
                if event["type"] == "hls.alert"]

    def test_viewers_are_told_apart_by_mapped_network_and_device_alone(self):
        viewers = self.viewers(("one", "127.0.1.5", DESKTOP), ("two", "127.0.1.6", PHONE), ("three", "127.0.2.7", DESKTOP),
                               ("four", "127.0.2.200", PHONE), ("five", "127.0.3.8", DESKTOP))
        for place, viewer in enumerate(viewers):
            viewer.report(startup_ms=500 + 125 * place, latency_ms=1500)
            viewer.report(startup_ms=500 + 125 * place, latency_ms=1500, watch_ms=5000, rebuffers=1, rebuffer_ms=100)
        summary = json.loads(self.metrics("/metrics/players.json"))
        peers.wait_for("the command to say the same", lambda: self.must("hls.viewers") == summary)
        self.assertEqual({name: region["sessions"] for name, region in summary["regions"].items()},
                         {"north": 2, "south": 1, "harbour": 1, "elsewhere": 1})
        self.assertEqual({name: device["viewers"] for name, device in summary["devices"].items()}, {"desktop": 3, "mobile": 2})
        self.assertAlmostEqual(summary["regions"]["south"]["startup_s"]["mean"], 0.75)
        self.assertAlmostEqual(summary["regions"]["north"]["rebuffer_ratio"], 200 / 10200, places=3)
        self.assertEqual(summary["recent"]["sessions"], 5)
        self.assertAlmostEqual(summary["recent"]["startup_p95_s"], 1)
        text = self.metrics()
        self.assertIn('mainstay_player_viewers{region="harbour",device="mobile"} 1', text)
        self.assertIn('mainstay_player_sessions_total{region="north",device="desktop",browser="chrome"} 1', text)
        self.assertIn("mainstay_player_recent_startup_p95_seconds 1\n", text)
        for viewer in viewers:
            self.assertNotIn(viewer.ip, text)
            self.assertNotIn(f'"{viewer.session}"', text + json.dumps(summary))
            viewer.report(startup_ms=500, watch_ms=5000, rebuffers=1, rebuffer_ms=100, ended=True)
        self.mainstay.stop()
        rows = sqlite3.connect(self.folder / "store" / "viewers.sqlite").execute(
            "SELECT region, device, count(*), sum(watch_ms) FROM sessions GROUP BY region, device ORDER BY region, device").fetchall()
        self.assertEqual(rows, [("elsewhere", "desktop", 1, 5000), ("harbour", "mobile", 1, 5000), ("north", "desktop", 1, 5000),
                                ("north", "mobile", 1, 5000), ("south", "desktop", 1, 5000)])

    def test_viewers_that_are_served_badly_raise_an_alert_which_is_cleared_when_they_are_well(self):
        few = self.viewers(*[(f"early{i}", f"127.0.1.{i + 1}", DESKTOP) for i in range(3)])
        for viewer in few:
            viewer.report(startup_ms=9000)
        self.assertEqual(self.state("/audience/alerts"), [])
        more = self.viewers(*[(f"more{i}", f"127.0.2.{i + 1}", PHONE) for i in range(3)])
        for viewer in more:
            viewer.report(startup_ms=9000)
            viewer.report(startup_ms=9000, watch_ms=1000, rebuffer_ms=1000, rebuffers=1)
        peers.wait_for("slow starts and standing still to be raised",
                       lambda: {("startup", "raised"), ("rebuffering", "raised")} == set(self.alerts()))
        peers.wait_for("the state to say so", lambda: [a["kind"] for a in self.state("/audience/alerts")] == ["startup", "rebuffering"])
        (startup, _) = self.state("/audience/alerts")
        self.assertEqual((startup["value"], startup["limit"]), (9, 2))
        for viewer in more[:2]:
            viewer.report(startup_ms=9000, watch_ms=1000, rebuffer_ms=1000, rebuffers=1, failed=True)
        peers.wait_for("players that gave up to be raised", lambda: ("errors", "raised") in self.alerts())
        # What comes now is well; what was not is longer ago than the window soon.
        beat = [0]

        def cleared():
            beat[0] += 1
            for i in range(4):
                well = Viewer(self.hls_port, f"127.0.1.{100 + i}", f"well{beat[0]}-{i}")
                well.report(startup_ms=400, ended=True)
            return {state for _, state in self.alerts()[-3:]} == {"cleared"} and len(self.alerts()) >= 6
        peers.wait_for("all to be cleared", cleared, 40, step=0.5)
        self.assertEqual(self.state("/audience/alerts"), [])
        self.assertEqual(len(self.alerts()), 6, self.alerts())
        self.assertIn("viewers start well again", self.mainstay.log())


if __name__ == "__main__":
    unittest.main()

"""Timelines that cross the places where timestamps run out of bits: 2^24 ms in RTMP, 2^33 ticks of 90 kHz in TS."""
import unittest

import peers

FPS = 30


class TimelineTest(unittest.TestCase):
    def cross(self, first_frame):
        with peers.workspace() as folder:
            # A second of latency: SRT gives up what comes later, and on a busy machine 120 ms are soon over.
            main, backup = peers.Nginx(folder), peers.SrtReceiver(folder, latency_ms=1000)
            try:
                document = peers.show({"type": "bars"}, {"platform": {
                    "main": {"url": main.url(), "key": "one"}, "backup": {"url": backup.url(), "latency_ms": 1000}}}, width=320, height=180)
                document["program"]["first_frame"] = first_frame
                mainstay = peers.Mainstay(folder, document, ["--for", "8s"])
                self.assertEqual(mainstay.wait(30), 0, mainstay.log())
            finally:
                main.end()
                backup.end()
            report = mainstay.report()
            self.assertEqual([(leg["connects"], leg["dropped"]) for leg in report["legs"]], [(1, 0), (1, 0)])
            return peers.packets(main.recordings()[0]), peers.packets(backup.path)

    def assert_unbroken(self, packets, wrap=None):
        times = sorted(p["pts"] for p in packets) if wrap is None else [p["pts"] for p in packets]
        self.assertEqual(len(times), 8 * FPS)
        if wrap is None:
            for a, b in zip(times, times[1:]):
                self.assertAlmostEqual(b - a, 1 / FPS, delta=0.0011)
        else:
            ticks = sorted(round(t * 90000) % wrap for t in times)
            # Circular: exactly one large step, where the crossing lies.
            steps = [(b - a) % wrap for a, b in zip(ticks, ticks[1:] + ticks[:1])]
            self.assertEqual(sorted(set(steps) - {3000}), [s for s in sorted(set(steps)) if s > 3000])
            self.assertEqual(steps.count(3000), 8 * FPS - 1)

    def test_crossing_2_to_the_24_milliseconds(self):
        flv, ts = self.cross((1 << 24) * FPS // 1000 - 4 * FPS)
        self.assert_unbroken(flv)
        self.assert_unbroken(ts)
        self.assertLess(ts[0]["pts"], (1 << 24) / 1000)
        self.assertGreater(ts[-1]["pts"], (1 << 24) / 1000)

    def test_crossing_2_to_the_33_ticks(self):
        flv, ts = self.cross((1 << 33) * FPS // 90000 - 4 * FPS)
        self.assert_unbroken(flv)
        self.assert_unbroken(ts, wrap=1 << 33)


if __name__ == "__main__":
    unittest.main()

"""dash.js, the reference player of DASH, plays the manifest that Mainstay serves, in headless Chromium on a page from
elsewhere: near live with parts, whole segments without."""
import json
import unittest

import peers
import watched

RUNGS = [{"name": "v0", "kbps": 800, "height": 360, "keyint_s": 1, "preset": "ultrafast"},
         {"name": "v1", "kbps": 300, "height": 180, "keyint_s": 1, "preset": "ultrafast"}]


class DashTest(watched.WatchedCase):
    def play(self, seconds, **hls):
        """What dash.mjs tells, and how old each picture was when it was shown, in ms."""
        self.serve(encode=RUNGS, dash=True, **hls)
        manifest = f"{self.page}live/manifest.mpd"
        peers.wait_for("the manifest", lambda: watched.fetch(manifest)[0] == 200, 30)
        begins = self.burnt_in()
        seen = json.loads(peers.must(["node", watched.PLACE / "dash.mjs", manifest, seconds], seconds + 60))
        end = seen["samples"][-1]
        told = f"{end}, stalls {seen['stalls']}, switches {seen['switches']}, refused {seen['refused']}"
        print(told, flush=True)
        self.assertEqual(seen["wrong"], [])
        self.assertIsNotNone(end["began"], told)
        self.assertFalse(end["stood"], told)
        self.assertLessEqual(len(seen["periods"]), 1)
        self.assertGreater(end["frames"], (seconds - 6) * 30, told)
        self.assertIn(end["height"], (360, 180))
        return seen, [real for real, _ in self.chain(seen, begins)]

    def test_plays_near_live_from_parts(self):
        seen, ages = self.play(60 if watched.PROMISED else 17)
        end = seen["samples"][-1]
        self.assertTrue(end["low_latency"])
        self.assertEqual(seen["refused"], [])
        self.figure("dash.js, stalls", len(seen["stalls"]), 0, 2)
        self.figure("dash.js, chain p50, ms", watched.share(ages, 0.5), 2000, 8000)
        self.figure("dash.js, chain p95, ms", watched.share(ages, 0.95), 2000, 8000)
        self.figure("dash.js, its own latency at the end, ms", 1000 * end["latency_s"], 2000, 8000)

    def test_plays_whole_segments(self):
        seen, ages = self.play(60 if watched.PROMISED else 7, low_latency=False, segment_s=1)
        self.assertFalse(seen["samples"][-1]["low_latency"])
        self.assertEqual(seen["refused"], [])
        self.figure("dash.js, plain, stalls", len(seen["stalls"]), 0, 2)
        self.figure("dash.js, plain, chain p95, ms", watched.share(ages, 0.95), 5000, 20000)


if __name__ == "__main__":
    unittest.main()

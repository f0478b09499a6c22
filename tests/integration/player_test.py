"""hls.js in headless Chromium plays what Mainstay packages and serves, from the player page."""
import json
import pathlib
import subprocess
import time
import unittest

import peers
import watched
import weak_link


class Watching:
    """watch.mjs beside the test."""

    def __init__(self, folder, url, seconds, **options):
        self.seconds = seconds
        self.path = pathlib.Path(folder) / "watch.jsonl"
        more = [f"{key}={value}" for key, value in options.items()]
        with open(self.path, "w") as out:
            self.child = subprocess.Popen(["node", "watch.mjs", url, str(seconds), *more], cwd=watched.PLACE, stdout=out,
                                          stdin=subprocess.PIPE, text=True)

    def samples(self):
        """What the page said until now, oldest first."""
        whole = self.path.read_text().rpartition("\n")[0].splitlines()
        return [sample for sample in map(json.loads, whole) if "end" not in sample and "error" not in sample]

    def now(self):
        return (self.samples() or [{}])[-1]

    def until(self, what, condition, seconds=30):
        """The first sample from now on of which the condition is true."""
        begin = len(self.samples())

        def seen():
            assert self.child.poll() is None, f"the browser ended before {what}"
            return next((s for s in self.samples()[begin:] if condition(s)), None)
        try:
            return peers.wait_for(what, seen, seconds, step=0.1)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.now()}") from None

    def tell(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def end(self):
        """Ends it before its time."""
        self.child.stdin.close()
        return self.result()

    def stop(self):
        """Whatever became of the test."""
        self.child.stdin.close()
        if self.child.poll() is None:
            self.child.terminate()  # which ends the browser
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def result(self):
        try:
            code = self.child.wait(self.seconds + 60 * peers.TIME_SCALE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            raise AssertionError("the browser did not end") from None
        assert code == 0, f"watch.mjs ended with {code}"
        last = json.loads(self.path.read_text().splitlines()[-1])
        return {"samples": [*self.samples(), last["end"]], **last}


class PlayerTest(watched.WatchedCase):
    def watch(self, seconds, page=None, **options):
        watching = Watching(self.folder, page or self.page, seconds, **options)
        self.addCleanup(watching.stop)
        return watching

    def metrics(self):
        return json.loads(watched.fetch(self.page + "metrics/players.json")[1])

    def playing(self, seen):
        return [s for s in seen["samples"] if s.get("startup_ms") and s.get("state") == "Live"]

    def told_alike(self, chain):
        """What the page says of latency is what the pictures show."""
        apart = [abs(real - dated) for real, dated in chain if dated is not None]
        self.figure("the page's latency beside the pictures' own, p95 apart, ms", watched.share(apart, 0.95), 100, 400)

    def test_plays_soon_with_low_latency_and_without_a_stall(self):
        self.serve()
        self.await_stream()
        seconds = 60 if watched.PROMISED else 20
        begins = self.burnt_in()
        seen = self.watch(seconds, numbers="yes", screenshot=pathlib.Path(self.folder) / "page.png").result()
        self.assertAlmostEqual(self.burnt_in(), begins, delta=60 * peers.TIME_SCALE)
        end = seen["end"]
        self.assertEqual(seen["wrong"], [])
        self.figure("startup_ms", end["startup_ms"], 1500, 6000)
        self.assertTrue(end["low_latency"])
        self.assertGreater(end["parts"], 0)
        self.assertEqual(end["mode"], "low_latency")
        self.figure(f"rebuffers {end['faults']}", end["sums"]["rebuffers"], 0, 2)
        self.assertEqual(end["state"], "Live")
        self.assertGreater(end["frames"], (seconds - 10) * 30)
        chain = self.chain(seen, begins)
        ages = [real for real, _ in chain]
        self.figure(f"{len(ages)} pictures from the first one on, chain p50, ms", watched.share(ages, 0.5), 2000, 8000)
        self.figure("chain p95, ms", watched.share(ages, 0.95), 2000, 8000)
        self.figure("chain p95 of the first five seconds, ms", watched.share(ages[:150], 0.95), 2000, 8000)
        self.figure("chain max, ms", max(ages), 2500, 10000)
        self.told_alike(chain)
        latencies = [s["latency_ms"] for s in self.playing(seen)]
        # What the page reports is what the server tells.
        told = self.metrics()["all"]
        self.assertEqual(told["sessions"], 1)
        self.assertEqual(told["startup_s"]["count"], 1)
        self.assertAlmostEqual(told["startup_s"]["mean"], end["last"]["startup_ms"] / 1000, delta=0.001)
        self.assertAlmostEqual(told["latency_s"]["mean"], sum(latencies) / len(latencies) / 1000, delta=0.7)
        self.assertAlmostEqual(told["watch_s"], end["sums"]["watch_ms"] / 1000, delta=1.5)
        self.assertEqual(told["browsers"], {"chrome": 1})
        self.assertEqual(told["viewers"], 0)  # it said good-bye
        text = watched.fetch(self.page + "metrics")[1].decode()
        self.assertIn('mainstay_player_startup_seconds_count{region="elsewhere",device="desktop"} 1', text)
        self.assertNotIn(end["session"], text)
        self.assertEqual(self.must("hls.viewers")["all"]["sessions"], 1)

    def test_plain_hls_with_segments_of_two_seconds_is_no_more_than_eight_behind(self):
        self.serve(low_latency=False, segment_s=2)
        self.await_stream()
        begins = self.burnt_in()
        seen = self.watch(60 if watched.PROMISED else 15, numbers="yes").result()
        end = seen["end"]
        self.assertEqual((end["mode"], end["low_latency"], end["parts"]), ("plain", False, 0))
        self.assertEqual(end["state"], "Live")
        chain = self.chain(seen, begins)
        self.figure("plain, rebuffers", end["sums"]["rebuffers"], 0, 2)
        self.figure("plain, chain p50, ms", watched.share([real for real, _ in chain], 0.5), 8000, 16000)
        self.figure("plain, chain p95, ms", watched.share([real for real, _ in chain], 0.95), 8000, 16000)
        self.told_alike(chain)

    def test_a_cut_is_seen_within_two_seconds(self):
        self.serve()
        self.await_stream()
        watching = self.watch(60, colours="yes")
        watching.until("a viewer who plays", lambda s: s["state"] == "Live" and s["frames"] > 10)
        cuts = []
        for blue in [True, False] * 5:
            cuts.append((blue, time.time() * 1000))
            self.must("program.cut", scene="Blue" if blue else "Bars")
            next_one = time.monotonic() + 1
            peers.wait_for("the next cut's time", lambda: time.monotonic() > next_one)
        last = time.monotonic() + 2
        peers.wait_for("the last one to be seen", lambda: time.monotonic() > last)
        seen = [c for c in watching.end()["colours"] if c["utc_ms"] > cuts[0][1]]
        self.assertEqual([c["blue"] for c in seen], [blue for blue, _ in cuts])
        delays = [c["utc_ms"] - at for c, (_, at) in zip(seen, cuts)]
        self.figure(f"cut to screen p95, ms {[round(d) for d in delays]}", watched.share(delays, 0.95), 2000, 8000)

    def test_a_narrow_and_lossy_connection_is_played_over_step_by_step_and_back(self):
        rungs = [{"name": "v0", "kbps": 1500, "height": 360, "keyint_s": 1, "preset": "ultrafast"},
                 {"name": "v1", "kbps": 200, "height": 180, "keyint_s": 1, "preset": "ultrafast"}]
        self.serve(encode=rungs)
        self.await_stream()
        link = weak_link.WeakLink(self.hls_port)
        self.addCleanup(link.end)
        watching = self.watch(400, page=f"http://127.0.0.1:{link.port}/")
        steps = []

        def step(what, condition, seconds):
            begun = time.monotonic()
            sample = watching.until(what, condition, seconds)
            steps.append(f"{what} after {time.monotonic() - begun:.0f} s")
            return sample
        wide = step("low latency, the high rendition",
                    lambda s: s["state"] == "Live" and s["mode"] == "low_latency" and s["height"] == 360, 30)
        link.weak(kbps=700, delay_s=0.05)
        step("the low rendition where it is narrow", lambda s: s["height"] == 180 and s["at"] > wide["at"] + 3000, 40)
        link.weak(kbps=700, delay_s=0.05, loss=0.04, again_s=(1.0, 2.0), fatal=0.1)
        plain = step("plain where it is lossy, too", lambda s: s["mode"] == "plain", 60)
        self.assertEqual(plain["says"], "Plain")
        self.assertGreaterEqual(plain["sums"]["rebuffers"], 1)  # one that lasts weighs as several
        step("playing on with a store", lambda s: s["state"] == "Live" and float(s["buffer"].split()[0]) > 2, 40)
        link.weak(kbps=450, delay_s=0.1, loss=0.1, again_s=(2, 4), fatal=0.2)
        lowest = step("the lowest rendition where it is worse", lambda s: s["mode"] == "lowest", 90)
        self.assertEqual(lowest["says"], "Lowest rendition")
        link.gone()
        step("reconnecting while it is gone", lambda s: s["state"] == "Reconnecting", 60)
        link.weak()
        link.gone(False)
        if not watched.PROMISED:
            watching.tell("calm 3000")
        step("playing again", lambda s: s["state"] == "Live", 40)
        step("plain again after calm", lambda s: s["mode"] == "plain", 120)
        step("low latency again", lambda s: s["mode"] == "low_latency", 120)
        step("near live again", lambda s: s["latency_ms"] < 3000 and s["height"] == 360 and s["state"] == "Live", 40)
        end = watching.end()["end"]
        print(f"{', '.join(steps)}; {link.counts}, {end['sums']}", flush=True)
        told = self.metrics()["all"]
        sums = end["sums"]
        self.assertEqual((told["sessions"], told["failed"]), (1, 0))
        self.assertEqual(told["rebuffers"], sums["rebuffers"])
        self.assertEqual(told["switches"], sums["switches"])
        self.assertGreaterEqual(sums["switches"], 2)
        self.assertAlmostEqual(told["rebuffer_s"], sums["rebuffer_ms"] / 1000, delta=0.5)
        self.assertGreater(told["errors"], 0)

    def test_comes_back_by_itself_after_the_network_and_the_program_were_gone(self):
        mainstay = self.serve(store="store")
        self.await_stream()
        watching = self.watch(120, offline="4-8")
        watching.until("it to have played", lambda s: s["state"] == "Live")
        watching.until("the network to be gone", lambda s: s["state"] != "Live", 20)
        watching.until("it to play again", lambda s: s["state"] == "Live", 40)
        peers.wait_for("a viewer", lambda: self.metrics()["viewers"] == 1)
        mainstay.process.kill()
        watching.until("it to miss the program", lambda s: s["state"] != "Live", 40)
        again = peers.Mainstay(self.folder, json.loads(mainstay.show_path.read_text()), name="again")
        self.addCleanup(again.stop)
        back = watching.until("it to play the new one", lambda s: s["state"] == "Live", 60)
        played = back["sums"]["watch_ms"]  # the video's own time begins anew where the stream is opened anew
        watching.until("two more seconds of it", lambda s: s["sums"]["watch_ms"] > played + 2000, 30)
        peers.wait_for("the new one to know its viewer", lambda: self.metrics()["viewers"] == 1)
        self.assertEqual(watching.end()["end"]["state"], "Live")

    def check_alone(self, script):
        resources = watched.HERE.parent.parent.parent / "resources" / "player"
        self.assertEqual(peers.must(["node", watched.PLACE / script, resources]), "ok")

    def test_the_fallback_goes_down_with_stalls_and_up_with_calm(self):
        self.check_alone("fallback_check.mjs")

    def test_the_picture_is_kept_at_its_place(self):
        self.check_alone("pace_check.mjs")

    def test_reports_that_were_not_heard_are_told_once_all_the_same(self):
        self.check_alone("report_check.mjs")

    def test_a_token_opens_the_stream_and_nothing_else_does(self):
        self.serve(access={"mode": "token", "secret": "sixteen letters!"})
        token = self.must("hls.token", lifetime_s=120)
        self.await_stream("?token=" + token["token"])
        self.assertEqual(watched.fetch(self.page + "live/index.m3u8")[0], 403)
        shut_out = self.watch(30)
        shut_out.until("it to say so", lambda s: s["state"] == "Not allowed")
        shut_out.end()
        let_in = self.watch(30, page=token["page"])
        let_in.until("it to play", lambda s: s["state"] == "Live")
        let_in.end()


if __name__ == "__main__":
    unittest.main()

"""What happens to the main ingest must not reach the backup: killed, frozen, refused, wrong key, wrong passphrase, no
such host; at start and in mid-air."""
import time
import unittest

import peers

FPS = 30
# A peer listens some time before the test sees it do so.
RETURN_SEEN = 0.5


class FaultsTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)
        self.clip = peers.make_clip(self.folder / "clip.mp4", 60)  # longer than any test, so that no picture comes twice

    def nginx(self, **options):
        nginx = peers.Nginx(self.folder, **options)
        self.addCleanup(nginx.end)
        return nginx

    def srt(self, name="srt", **options):
        receiver = peers.SrtReceiver(self.folder, name, **options)
        self.addCleanup(receiver.end)
        return receiver

    def start(self, main, backup, **more):
        document = peers.show(self.clip, {"platform": {"main": main, "backup": backup}}, **more)
        mainstay = peers.Mainstay(self.folder, document)
        self.addCleanup(mainstay.stop)
        return mainstay

    def legs(self, mainstay):
        self.assertEqual(mainstay.stop(), 0, mainstay.log())
        report = mainstay.report()
        peers.assert_on_time(self, report)
        return {leg["role"]: leg for leg in report["legs"]}, report

    def assert_backup_has_every_frame(self, receiver, report):
        times = sorted(peers.frame_hashes(receiver.path))
        gaps = [(a, b) for a, b in zip(times, times[1:]) if b - a > 1000 / FPS + 2]
        self.assertEqual(gaps, [], "no frame is missing at the backup")
        self.assertEqual(len(times), report["encoders"][0]["frames"])

    def assert_detected_and_recovered(self, leg, connects=2):
        self.assertEqual(leg["connects"], connects)
        self.assertEqual(len(leg["outages"]), connects - 1, leg)
        outage = leg["outages"][0]
        self.assertLessEqual(outage["detect_ms"], 2000)
        self.assertIsNotNone(outage["recover_ms"])

    def assert_live_in_time(self, mainstay, leg, back):
        """After the ingest is back (at `back`, time.time()), the leg is live within the wait that it announced + 1 s,
        and at its first attempt."""
        states = mainstay.leg_states(leg)
        live = next(i for i, (when, state, _) in enumerate(states) if state == "live" and when > back - RETURN_SEEN)
        before = [i for i in range(live) if states[i][0] <= back]
        when, state, wait = states[before[-1]]
        self.assertIn(state, ("backoff", "connecting"), states)
        # An attempt may have been on its way when the ingest came back: then that one counts.
        due = when + wait if state == "backoff" else back
        self.assertLessEqual(states[live][0], max(due, back) + 1.0 * peers.TIME_SCALE, states)
        attempts = [state for _, state, _ in states[before[-1]:live] if state == "connecting"]
        self.assertEqual(len(attempts), 1, states)

    def mid_air(self, stop, resume, failures=1):
        """Main fails and comes back while on air, once so many attempts have failed."""
        main, backup = self.nginx(), self.srt()
        mainstay = self.start({"url": main.url(), "key": "one"}, {"url": backup.url()})
        mainstay.says("platform/main: live")
        mainstay.says("platform/backup: live")
        peers.wait_for("a recording with frames", lambda: main.recordings() and main.recordings()[0].stat().st_size > 100_000)
        stop(main)
        mainstay.says("platform/main: backoff", 4)
        peers.wait_for(f"back-off number {failures}", lambda: mainstay.log().count("platform/main: backoff") >= failures)
        resume(main)
        back = time.time()
        peers.wait_for("main to be live again",
                       lambda: mainstay.log().count("platform/main: live") == 2, 40)
        self.assert_live_in_time(mainstay, "platform/main", back)
        peers.wait_for("a second recording with frames",
                       lambda: len(main.recordings()) >= 2 and main.recordings()[-1].stat().st_size > 100_000)
        legs, report = self.legs(mainstay)
        self.assert_detected_and_recovered(legs["main"])
        self.assertEqual((legs["backup"]["connects"], legs["backup"]["outages"], legs["backup"]["dropped"]), (1, [], 0))
        backup.end()
        self.assert_backup_has_every_frame(backup, report)
        second = peers.packets(main.recordings()[-1])
        self.assertTrue(second[0]["key"], "a new connection starts with an IDR")
        # What the new connection brought lies on the timeline of the backup, picture by picture.
        on_backup = peers.frame_hashes(backup.path)
        again = peers.shifted(peers.frame_hashes(main.recordings()[-1]), on_backup)
        self.assertGreaterEqual(min(again), min(on_backup) + 1000)
        wrong = [t for t in again if on_backup.get(t) != again[t]]
        self.assertEqual(wrong, [])

    def test_main_killed_in_mid_air_comes_back(self):
        self.mid_air(lambda nginx: nginx.kill(), lambda nginx: nginx.start(), failures=2)

    def test_main_frozen_in_mid_air_is_noticed_and_comes_back(self):
        self.mid_air(lambda nginx: nginx.process.freeze(), lambda nginx: nginx.process.thaw())

    def test_a_frozen_srt_main_is_noticed_and_comes_back(self):
        main, backup = self.srt("main"), self.nginx()
        mainstay = self.start({"url": main.url()}, {"url": backup.url(), "key": "one"})
        mainstay.says("platform/main: live")
        mainstay.says("platform/backup: live")
        peers.wait_for("bytes at main", lambda: main.bytes() > 100_000)
        main.process.freeze()
        mainstay.says("platform/main: backoff", 4)
        main.process.thaw()
        back = time.time()
        peers.wait_for("main to be live again", lambda: mainstay.log().count("platform/main: live") == 2, 40)
        self.assert_live_in_time(mainstay, "platform/main", back)
        legs, report = self.legs(mainstay)
        self.assert_detected_and_recovered(legs["main"])
        self.assertEqual(legs["backup"]["connects"], 1)
        frames = peers.frame_hashes(backup.recordings()[0])
        self.assertEqual(len(frames), report["encoders"][0]["frames"])

    def test_in_standby_the_backup_takes_over_and_rests_again(self):
        main, backup = self.nginx(), self.nginx(name="backup")
        document = peers.show(self.clip, {"platform": {
            "mode": "standby", "return": "auto", "return_hold_ms": 1500,
            "main": {"url": main.url(), "key": "one"}, "backup": {"url": backup.url(), "key": "one"}}})
        mainstay = peers.Mainstay(self.folder, document)
        self.addCleanup(mainstay.stop)
        mainstay.says("platform/main: live")
        peers.wait_for("a recording with frames",
                       lambda: main.recordings() and main.recordings()[0].stat().st_size > 100_000)
        self.assertNotIn("platform/backup: connecting", mainstay.log())
        main.kill()
        mainstay.says("platform/backup: live", 6)
        main.start()
        peers.wait_for("main to be live again", lambda: mainstay.log().count("platform/main: live") == 2, 40)
        mainstay.says("platform/backup: stopped", 20)
        legs, _ = self.legs(mainstay)
        self.assert_detected_and_recovered(legs["main"])
        self.assertGreater(legs["backup"]["packets"], 0)
        self.assertTrue(peers.packets(backup.recordings()[0])[0]["key"])

    def refused_at_start(self, main, words, **start):
        """Main cannot be had from the start: the backup is on air all the same, and the error says why."""
        backup = self.srt("backup")
        mainstay = self.start(main, {"url": backup.url()}, **start)
        mainstay.says("platform/backup: live")
        mainstay.says(words)
        peers.wait_for("a retry", lambda: mainstay.log().count("platform/main: connecting") >= 2, 20)
        peers.wait_for("bytes at the backup", lambda: backup.bytes() > 400_000)
        legs, report = self.legs(mainstay)
        self.assertEqual(legs["main"]["connects"], 0)
        self.assertEqual(legs["backup"]["dropped"], 0)
        backup.end()
        self.assert_backup_has_every_frame(backup, report)
        return mainstay

    def test_main_refused_at_start_is_retried_and_live_once_it_listens(self):
        port = peers.free_port()
        backup = self.srt("backup")
        mainstay = self.start({"url": f"rtmp://127.0.0.1:{port}/live", "key": "one"}, {"url": backup.url()})
        mainstay.says("refused")
        mainstay.says("platform/backup: live")
        nginx = self.nginx(port=port)
        back = time.time()
        mainstay.says("platform/main: live", 40)
        self.assert_live_in_time(mainstay, "platform/main", back)
        peers.wait_for("a recording with frames", lambda: nginx.recordings() and nginx.recordings()[0].stat().st_size > 200_000)
        legs, report = self.legs(mainstay)
        self.assertEqual(legs["main"]["connects"], 1)
        backup.end()
        self.assert_backup_has_every_frame(backup, report)
        self.assertTrue(peers.packets(nginx.recordings()[0])[0]["key"])

    def test_a_wrong_stream_key_is_named_and_kept_secret(self):
        nginx = self.nginx(key="right-key-5717")
        mainstay = self.refused_at_start({"url": nginx.url(), "key": "wrong-key-4242"}, "stream key")
        for text in (mainstay.log(), mainstay.report_path.read_text()):
            self.assertNotIn("wrong-key-4242", text)

    def test_a_wrong_passphrase_is_named_and_kept_secret(self):
        main = self.srt("main", passphrase="the-right-passphrase")
        mainstay = self.refused_at_start({"url": main.url(), "passphrase": "the-wrong-passphrase"}, "passphrase")
        for text in (mainstay.log(), mainstay.report_path.read_text()):
            self.assertNotIn("the-wrong-passphrase", text)

    def test_a_host_that_does_not_resolve_is_named(self):
        self.refused_at_start({"url": "rtmp://no-such-host.invalid/live", "key": "one"}, "no-such-host.invalid")

    def test_a_main_that_accepts_and_never_answers_times_out(self):
        import socket
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.refused_at_start({"url": f"rtmp://127.0.0.1:{silent.getsockname()[1]}/live", "key": "one"}, "did not answer in time")


if __name__ == "__main__":
    unittest.main()

"""The contract of the command line: exit codes, clean ends, the report, what goes to stdout."""
import json
import signal
import unittest

import peers


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)
        self.bars = {"type": "bars"}

    def run_bars(self, arguments, destinations=None, **more):
        return peers.Mainstay(self.folder, peers.show(self.bars, destinations or {}, width=320, height=180, **more), arguments)

    def test_usage_errors_are_one_line_and_exit_2(self):
        for arguments in (["run"], ["run", "--nonsense"], ["run", "a.json", "--for", "soon"], ["run", "a.json", "b.json"],
                          ["check"], ["run", "absent.json"], ["reference", "nothing"]):
            with self.subTest(arguments):
                done = peers.run([peers.MAINSTAY, *arguments])
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stdout, "")
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)

    def test_help_and_version_go_to_stdout(self):
        for option, text in (("--help", "mainstay run SHOW"), ("--version", "mainstay 0.")):
            done = peers.run([peers.MAINSTAY, option])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(text, done.stdout)

    def test_the_report_has_every_key_of_the_contract(self):
        mainstay = self.run_bars(["--for", "2s"], {"gone": {"main": {"url": f"rtmp://127.0.0.1:{peers.free_port()}/live", "key": "one"}}})
        self.assertEqual(mainstay.wait(15), 0, mainstay.log())
        report = mainstay.report()
        for key in ("duration_s", "frames", "encoders", "legs", "hls", "cpu_s", "peak_rss_mb", "errors"):
            self.assertIn(key, report)
        self.assertEqual(set(report["frames"]), {"rendered", "late", "repeated"})
        self.assertAlmostEqual(report["duration_s"], 2, delta=0.05)
        for encoder in report["encoders"]:
            self.assertLessEqual({"name", "frames", "dropped", "kbps_mean", "kbps_peak_1s"}, set(encoder))
        (leg,) = report["legs"]
        self.assertLessEqual({"destination", "role", "url", "state", "connects", "bytes", "packets", "dropped",
                              "first_connect_ms", "outages", "rendition", "step_count", "steps"}, set(leg))
        self.assertEqual((leg["connects"], leg["first_connect_ms"]), (0, None))
        self.assertEqual(report["hls"], {"segments": 0, "parts": 0})

    def test_a_signal_ends_the_show_in_good_order_within_three_seconds(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                nginx = peers.Nginx(self.folder, f"nginx{number}")
                mainstay = self.run_bars([], {"platform": {"main": {"url": nginx.url(), "key": "one"}}},
                                         record={"path": str(self.folder / f"{number}.mp4")})
                mainstay.says("platform/main: live")
                peers.wait_for("a recording with frames",
                               lambda: nginx.recordings() and nginx.recordings()[0].stat().st_size > 30_000)
                mainstay.process.signal(number)
                self.assertEqual(mainstay.wait(3), 0, mainstay.log())
                self.assertGreater(mainstay.report()["frames"]["rendered"], 0)
                peers.wait_for("nginx to see the unpublish", lambda: "deleteStream" in nginx.process.log()
                               or "deleteStream" in (nginx.folder / "error.log").read_text())
                nginx.end()
                self.assertGreater(len(peers.packets(self.folder / f"{number}.mp4")), 0)

    def test_a_signal_ends_it_also_while_every_ingest_is_dead(self):
        nginx = peers.Nginx(self.folder)
        mainstay = self.run_bars([], {"platform": {"main": {"url": nginx.url(), "key": "one"},
                                                   "backup": {"url": f"srt://127.0.0.1:{peers.free_udp_port()}"}}})
        mainstay.says("platform/main: live")
        nginx.process.freeze()
        mainstay.process.signal(signal.SIGTERM)
        self.assertEqual(mainstay.wait(3), 0, mainstay.log())
        nginx.end()

    def test_a_recording_survives_a_kill(self):
        for suffix, piece in (("mp4", b"moof"), ("mkv", b"\x1f\x43\xb6\x75")):
            with self.subTest(suffix):
                path = self.folder / f"killed.{suffix}"
                mainstay = self.run_bars([], record={"path": str(path), "fragment_ms": 1000})
                peers.wait_for("three pieces of a second each",
                               lambda: path.exists() and path.read_bytes().count(piece) >= 3, 30)
                mainstay.process.kill()
                self.assertGreater(len(peers.frame_hashes(path)), 55, "two whole pieces at the least")

    def test_a_full_disk_stops_the_recorder_only(self):
        mount = self.folder / "small"
        mount.mkdir()
        if peers.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", mount]).returncode != 0:
            self.fail("cannot make a small file system: run the tests as root")
        try:
            nginx = peers.Nginx(self.folder)
            mainstay = self.run_bars(["--for", "8s"], {"platform": {"main": {"url": nginx.url(), "key": "one"}}},
                                     record={"path": str(mount / "full.mp4")})
            self.assertEqual(mainstay.wait(30), 0, mainstay.log())
            nginx.end()
            report = mainstay.report()
            self.assertTrue(any("no space is left" in error for error in report["errors"]), report["errors"])
            self.assertEqual(report["frames"]["rendered"], 240)
            peers.assert_on_time(self, report)
            self.assertEqual(report["legs"][0]["dropped"], 0)
            self.assertEqual(len(peers.packets(nginx.recordings()[0])), 240)
        finally:
            peers.must(["umount", mount])

    def test_a_port_in_use_is_one_clear_line(self):
        taken = peers.free_port()
        import socket
        with socket.create_server(("127.0.0.1", taken)):
            source = {"type": "ingest", "main": f"rtmp://127.0.0.1:{taken}/live"}
            mainstay = peers.Mainstay(self.folder, peers.show(source, {}), ["--for", "4s"])
            self.assertEqual(mainstay.wait(20), 1, "on air for its whole time, but the source never came")
            self.assertEqual(mainstay.report()["frames"]["rendered"], 120)
            lines = [line for line in mainstay.log().splitlines() if str(taken) in line and "in use" in line]
            self.assertTrue(lines, mainstay.log())

    def test_offline_twice_gives_identical_packets(self):
        digests = []
        clip = peers.make_clip(self.folder / "clip.mp4", 3, "320x180")
        for take in (1, 2):
            path = self.folder / f"take{take}.mp4"
            document = peers.show(str(clip), {}, width=320, height=180, record={"path": str(path)})
            document["sources"]["clip"] = {"type": "file", "path": str(clip), "loop": True}
            document["encode"]["video"][0]["threads"] = 1
            mainstay = peers.Mainstay(self.folder, document, ["--offline", "--for", "20s"], name=f"take{take}")
            self.assertEqual(mainstay.wait(60), 0, mainstay.log())
            self.assertEqual(mainstay.report()["frames"], {"rendered": 600, "late": 0, "repeated": 0})
            digests.append([e["digest"] for e in mainstay.report()["encoders"]])
        self.assertEqual(digests[0], digests[1])
        self.assertEqual((self.folder / "take1.mp4").read_bytes(), (self.folder / "take2.mp4").read_bytes())

    def test_no_second_exceeds_the_cap_however_hard_the_picture(self):
        clip = self.folder / "noise.mkv"
        peers.must(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30,noise=alls=60:allf=t", "-t", "12",
                    "-c:v", "ffv1", clip])
        for cap, kbps in ((1500, 1500), (1500, 1000)):
            with self.subTest(kbps=kbps):
                document = peers.show(clip, {}, width=320, height=180, kbps=kbps, keyint_s=2)
                document["encode"]["caps"] = {"max_video_kbps": cap}
                document["encode"]["video"][0]["preset"] = "veryfast"
                mainstay = peers.Mainstay(self.folder, document, ["--offline", "--for", "12s"])
                self.assertEqual(mainstay.wait(60), 0, mainstay.log())
                video = mainstay.report()["encoders"][0]
                self.assertLessEqual(video["kbps_peak_1s"], cap)
                self.assertGreater(video["kbps_mean"], 0.75 * kbps)

    def test_secrets_are_nowhere_to_be_read(self):
        nginx = peers.Nginx(self.folder, key="s3cret-stream-key")
        secrets = self.folder / "secrets.json"
        secrets.write_text(json.dumps({"platform": "s3cret-stream-key"}))
        secrets.chmod(0o600)
        mainstay = self.run_bars(["--for", "3s", "--secrets", str(secrets), "--log-level", "debug"], {
            "platform": {"main": {"url": nginx.url(), "key": "${secret:platform}"},
                         "backup": {"url": f"srt://127.0.0.1:{peers.free_udp_port()}", "passphrase": "a-s3cret-passphrase"}}})
        mainstay.says("platform/main: live")
        titles = (peers.pathlib.Path("/proc") / str(mainstay.process.child.pid) / "cmdline").read_bytes()
        self.assertEqual(mainstay.wait(20), 0, mainstay.log())
        nginx.end()
        for text in (mainstay.log(), mainstay.report_path.read_text(), titles.decode()):
            self.assertNotIn("s3cret-stream-key", text)
            self.assertNotIn("s3cret-passphrase", text)


if __name__ == "__main__":
    unittest.main()

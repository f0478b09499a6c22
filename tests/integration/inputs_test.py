"""Inputs people bring: each gives a program, or one clear line and a proper exit code; never a crash or a hang."""
import json
import random
import unittest

import peers


class InputsTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)

    def offline(self, source, seconds=2, name="run"):
        document = peers.show(source, {}, record={"path": str(self.folder / f"{name}.mkv")}, width=320, height=180)
        mainstay = peers.Mainstay(self.folder, document, ["--offline", "--for", f"{seconds}s"], name=name)
        return mainstay, mainstay.wait(60)

    def assert_one_clear_line(self, source, *words, codes=(2,)):
        mainstay, code = self.offline(source)
        self.assertIn(code, codes, mainstay.log())
        lines = [line for line in mainstay.log().splitlines() if all(word in line for word in words)]
        self.assertTrue(lines, f"no line with {words} in:\n{mainstay.log()}")
        self.assertNotIn("Segmentation", mainstay.log())

    def test_no_such_file(self):
        self.assert_one_clear_line(str(self.folder / "absent.mp4"), "absent.mp4", "No such file")

    def test_a_directory(self):
        (self.folder / "dir.mp4").mkdir()
        self.assert_one_clear_line(str(self.folder / "dir.mp4"), "dir.mp4", "directory")

    def test_a_text_file_named_mp4(self):
        path = self.folder / "text.mp4"
        path.write_text("This is not a film.\n" * 100)
        self.assert_one_clear_line(str(path), "text.mp4")

    def test_an_empty_file(self):
        path = self.folder / "empty.mp4"
        path.touch()
        self.assert_one_clear_line(str(path), "empty.mp4")

    def test_kinds_of_media_go_on_air(self):
        common = {"seconds": 3, "size": "320x180"}
        kinds = {
            "plain.mp4": {},
            "ntsc.mp4": {"rate": "30000/1001"},
            "fast.mkv": {"rate": "60"},
            "odd.mkv": {"size": "321x181", "video": "ffv1"},
            "tenbit.mkv": {"video": "ffv1 -pix_fmt yuv420p10le"},
            "full.mp4": {"extra": ["-pix_fmt", "yuvj420p", "-color_range", "pc"]},
            "surround.mkv": {"audio": "pcm_s16le -ac 6"},
            "mono.mov": {"audio": "pcm_s16le -ac 1 -ar 44100"},
            "silent.mp4": {"extra": ["-an"]},
            "sound.m4a": {"extra": ["-vn"]},
            "web.webm": {"video": "libvpx-vp9 -deadline realtime -cpu-used 8", "audio": "libopus"},
            "old.avi": {"video": "mpeg4", "audio": "mp2"},
            "stream.ts": {},
            "vfr.mkv": {"extra": ["-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr"]},
        }
        for name, options in kinds.items():
            with self.subTest(name):
                path = peers.make_clip(self.folder / name, **{**common, **options})
                mainstay, code = self.offline(str(path), name=name)
                self.assertEqual(code, 0, mainstay.log())
                report = mainstay.report()
                self.assertEqual(report["frames"], {"rendered": 60, "late": 0, "repeated": 0})
                self.assertEqual(report["errors"], [])

    def test_a_phone_video_stands_upright(self):
        flat = peers.make_clip(self.folder / "flat.mp4", 2, "320x180")
        turned = self.folder / "turned.mp4"
        peers.must(["ffmpeg", "-v", "error", "-i", flat, "-c", "copy", "-metadata:s:v", "rotate=90", turned])
        mainstay, code = self.offline(str(turned), 1)
        self.assertEqual(code, 0, mainstay.log())
        # A portrait picture in a landscape program: black at the left and right edges.
        edge = peers.must(["ffprobe", "-v", "error", "-f", "lavfi", "-i",
                           f"movie={self.folder}/run.mkv,crop=40:180:0:0,signalstats", "-show_entries",
                           "frame_tags=lavfi.signalstats.YAVG", "-of", "csv=p=0", "-read_intervals", "%+#1"])
        self.assertLess(float(edge.split()[0]), 20)

    def test_damaged_media_never_crash_or_hang(self):
        whole = peers.make_clip(self.folder / "whole.ts", 3, "320x180").read_bytes()
        mp4 = peers.make_clip(self.folder / "whole.mp4", 3, "320x180").read_bytes()
        rng = random.Random(7)
        cases = [("cut.ts", whole[: len(whole) // 3]), ("cut.mp4", mp4[: len(mp4) // 2])]
        for i in range(4):
            flipped = bytearray(whole if i % 2 else mp4)
            for _ in range(200):
                flipped[rng.randrange(1000, len(flipped))] ^= 1 << rng.randrange(8)
            cases.append((f"flipped{i}.{'ts' if i % 2 else 'mp4'}", bytes(flipped)))
        for name, data in cases:
            with self.subTest(name):
                path = self.folder / name
                path.write_bytes(data)
                mainstay, code = self.offline(str(path), name=name)
                self.assertIn(code, (0, 1, 2), mainstay.log())
                if code:
                    self.assertIn(name, mainstay.log())


class ShowsTest(unittest.TestCase):
    """`mainstay check` names every error with its pointer."""

    def check(self, text):
        with peers.workspace() as folder:
            path = folder / "show.json"
            path.write_text(text if isinstance(text, str) else json.dumps(text))
            return peers.run([peers.MAINSTAY, "check", path])

    def assert_refused(self, text, *lines):
        done = self.check(text)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        for line in lines:
            self.assertTrue(any(got.startswith(line) for got in done.stderr.splitlines()), f"'{line}…' not in:\n{done.stderr}")

    def base(self, **more):
        document = peers.show({"type": "bars"}, {})
        document.update(more)
        return document

    def test_a_good_show(self):
        done = self.check(self.base())
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_unknown_keys_wrong_types_and_ranges_are_all_named(self):
        document = self.base(colour=1)
        document["program"]["width"] = "wide"
        document["encode"]["video"][0]["kbps"] = -5
        self.assert_refused(document, "/colour:", "/program/width:", "/encode/video/0/kbps:")

    def test_dangling_names(self):
        self.assert_refused(self.base(scenes={"Main": {"layers": [{"source": "nobody"}]}}, on_air="Other"),
                            "/scenes/Main/layers/0/source:", "/on_air:")

    def test_a_violated_cap_is_named(self):
        document = self.base()
        document["encode"]["caps"] = {"max_video_kbps": 1000}
        done = self.check(document)
        self.assertEqual(done.returncode, 2)
        self.assertIn("/encode/video/0/kbps:", done.stderr)
        self.assertIn("max_video_kbps", done.stderr)

    def test_a_half_written_file(self):
        self.assert_refused(json.dumps(self.base())[:100], "")

    def test_an_unreadable_show(self):
        done = peers.run([peers.MAINSTAY, "check", "absent.json"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("absent.json", done.stderr)


if __name__ == "__main__":
    unittest.main()

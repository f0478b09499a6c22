"""A file on air to a main RTMP ingest (nginx) and a backup SRT ingest (srt-live-transmit) at the same time."""
import array
import unittest

import peers


def impulse_clip(path, seconds):
    """White for one frame and a click at each whole second, at the same instant; black and silent otherwise."""
    peers.must(["ffmpeg", "-v", "error", "-y", "-f", "lavfi",
                "-i", f"color=black:size=640x360:rate=30,drawbox=c=white:t=fill:enable='eq(mod(n,30),0)',format=yuv420p",
                "-f", "lavfi", "-i", "aevalsrc='if(eq(mod(n,48000),0),0.9,0)':s=48000:c=stereo", "-t", str(seconds),
                "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "pcm_s16le", str(path)])


def clicks(path):
    """Times (s) of the clicks, from the decoded samples and the first audio packet's timestamp."""
    raw = path.with_suffix(".f32")
    peers.must(["ffmpeg", "-v", "error", "-y", "-copyts", "-i", path, "-map", "0:a:0", "-ac", "1", "-f", "f32le", raw])
    samples = array.array("f", raw.read_bytes())
    first = float(peers.must(["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "frame=pts_time",
                              "-read_intervals", "%+#1", "-of", "csv=p=0", path]).split()[0].strip(","))
    times = []
    at = 0
    while at + 48000 <= len(samples):
        window = samples[at:at + 48000]
        peak = max(range(48000), key=lambda i: abs(window[i]))
        if abs(window[peak]) > 0.2:
            times.append(first + (at + peak) / 48000)
            at += peak + 24000  # the next window is centred on the next click
        else:
            at += 48000
    return times


def flashes(path):
    out = peers.must(["ffprobe", "-v", "error", "-f", "lavfi", "-i", f"movie={path},signalstats", "-show_entries",
                      "frame=pts_time:frame_tags=lavfi.signalstats.YAVG", "-of", "csv=p=0"])
    rows = [line.split(",") for line in out.split() if line.count(",") == 1]
    return [float(t) for t, y in rows if float(y) > 180]


class OnAirTest(unittest.TestCase):
    def air(self, folder, clip, seconds, **options):
        main = peers.Nginx(folder)
        backup = peers.SrtReceiver(folder)
        try:
            document = peers.show(clip, {"platform": {
                "main": {"url": main.url(), "key": "one"}, "backup": {"url": backup.url()}}}, **options)
            mainstay = peers.Mainstay(folder, document, ["--for", f"{seconds}s"])
            self.assertEqual(mainstay.wait(seconds + 30), 0, mainstay.log())
            peers.wait_for("the last bytes at the SRT receiver", lambda: backup.bytes() > 0)
        finally:
            main.end()
            backup.end()
        return mainstay, main.recordings(), backup.path

    def test_both_ingests_hold_the_same_frames_and_none_is_late_repeated_or_dropped(self):
        seconds = 20
        with peers.workspace() as folder:
            clip = peers.make_clip(folder / "clip.mp4", seconds)
            mainstay, recordings, ts = self.air(folder, clip, seconds)
            report = mainstay.report()
            self.assertEqual(report["frames"]["rendered"], seconds * 30)
            peers.assert_on_time(self, report)
            video = next(e for e in report["encoders"] if e["name"] == "v0")
            self.assertEqual((video["frames"], video["dropped"]), (seconds * 30, 0))
            self.assertEqual([(leg["role"], leg["dropped"], leg["connects"]) for leg in report["legs"]],
                             [("main", 0, 1), ("backup", 0, 1)])

            self.assertEqual(len(recordings), 1)
            flv, srt = peers.frame_hashes(recordings[0]), peers.frame_hashes(ts)
            self.assertEqual(len(flv), seconds * 30)
            flv = peers.shifted(flv, srt)
            self.assertEqual(sorted(flv), sorted(srt), "the same frames at the same milliseconds")
            self.assertEqual(flv, srt, "the same pictures")

            keys = {name: [p["pts"] for p in peers.packets(path) if p["key"]]
                    for name, path in (("flv", recordings[0]), ("ts", ts))}
            self.assertEqual(len(keys["flv"]), seconds, "an IDR each second")
            for a, b in zip(keys["flv"], keys["ts"], strict=True):
                self.assertAlmostEqual(a - keys["flv"][0], b - keys["ts"][0], delta=0.0011)
            for a, b in zip(keys["ts"], keys["ts"][1:]):
                self.assertAlmostEqual(b - a, 1, delta=0.0005)

    def test_sound_and_picture_keep_the_offset_they_have_in_the_file(self):
        with peers.workspace() as folder:
            clip = folder / "clip.mov"
            impulse_clip(clip, 8)
            _, recordings, ts = self.air(folder, clip, 7)
            for path in (recordings[0], ts):
                seen, heard = flashes(path), clicks(path)
                self.assertGreaterEqual(len(seen), 5, path)
                for flash in seen[1:-1]:
                    nearest = min(heard, key=lambda t: abs(t - flash))
                    self.assertLessEqual(abs(nearest - flash), 0.001, f"{path}: flash {flash}, click {nearest}")


if __name__ == "__main__":
    unittest.main()

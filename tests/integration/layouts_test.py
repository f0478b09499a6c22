"""Channel layouts from a file to what is recorded and sent: each channel of 5.1 has a tone of its own, and what is heard
of it is looked for in each channel that comes out."""
import array
import cmath
import json
import math
import unittest
import urllib.request

import peers

TONES = {"L": 300, "R": 400, "C": 500, "LFE": 60, "Ls": 700, "Rs": 800}  # Hz
PEAK = 0.1
K = math.sqrt(0.5)  # -3 dB


def make_surround(path):
    sines = "|".join(f"{PEAK}*sin(2*PI*{hz}*t)" for hz in TONES.values())
    peers.must(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-f", "lavfi",
                "-i", f"aevalsrc={sines}:c=5.1:s=48000", "-t", "6", "-c:v", "libx264", "-preset", "ultrafast",
                "-pix_fmt", "yuv420p", "-c:a", "flac", str(path)])
    return path


def stream_of(path):
    out = json.loads(peers.must(["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries",
                                 "stream=codec_name,channels,channel_layout", "-of", "json", str(path)]))
    return out["streams"][0]


def amplitudes(path, folder, start=2.0, seconds=0.5):
    """For each channel {tone's name: its peak}, over a piece in the middle."""
    raw = folder / "heard.f32"
    channels = stream_of(path)["channels"]
    peers.must(["ffmpeg", "-v", "error", "-y", "-i", str(path), "-map", "0:a:0", "-ss", str(start), "-t", str(seconds),
                "-ar", "48000", "-c:a", "pcm_f32le", "-f", "f32le", str(raw)])
    samples = array.array("f")
    samples.frombytes(raw.read_bytes())
    out = []
    for channel in range(channels):
        own = samples[channel::channels]
        heard = {}
        for name, hz in TONES.items():
            turn = cmath.exp(-2j * math.pi * hz / 48000)
            place, total = 1, 0
            for value in own:
                total += value * place
                place *= turn
            heard[name] = 2 * abs(total) / len(own)
        out.append(heard)
    return out


class LayoutsTest(unittest.TestCase):
    def document(self, folder, layout=None, **audio):
        document = peers.show(make_surround(folder / "surround.mkv"), {}, width=320, height=180, kbps=500,
                              record={"path": "out.mkv"})
        if layout:
            document["program"]["audio_layout"] = layout
        document["encode"]["audio"] = [{"name": "a0", "kbps": 384, **audio}]
        return document

    def recorded(self, layout=None, **audio):
        with peers.workspace() as folder:
            mainstay = peers.Mainstay(folder, self.document(folder, layout, **audio), ["--offline", "--for", "5s"])
            self.assertEqual(mainstay.wait(60), 0, mainstay.log())
            path = folder / "out.mkv"
            return stream_of(path), amplitudes(path, folder)

    def assert_heard(self, heard, expected):
        self.assertEqual(len(heard), len(expected))
        for channel, (tones, wanted) in enumerate(zip(heard, expected)):
            for name in TONES:
                self.assertAlmostEqual(tones[name], wanted.get(name, 0) * PEAK, delta=0.004, msg=f"{name} in {channel}")

    def assert_surround(self, heard):
        self.assert_heard(heard, [{name: 1} for name in TONES])

    def test_51_stays_51_channel_by_channel(self):
        for codec in ("aac", "opus"):
            stream, heard = self.recorded("5.1", codec=codec)
            self.assertEqual((stream["codec_name"], stream["channels"]), (codec, 6))
            self.assertTrue(stream["channel_layout"].startswith("5.1"), stream)
            self.assert_surround(heard)

    def test_a_stereo_show_hears_51_mixed_down(self):
        stream, heard = self.recorded()
        self.assertEqual(stream["channels"], 2)
        self.assert_heard(heard, [{"L": 1, "C": K, "Ls": K}, {"R": 1, "C": K, "Rs": K}])

    def test_a_mono_show_hears_51_in_one_channel(self):
        stream, heard = self.recorded("mono")
        self.assertEqual(stream["channels"], 1)
        self.assert_heard(heard, [{"L": K, "R": K, "C": 1, "Ls": 0.5, "Rs": 0.5}])

    def test_a_stereo_rendition_of_a_51_show_is_its_down_mix(self):
        stream, heard = self.recorded("5.1", channels=2)
        self.assertEqual(stream["channels"], 2)
        self.assert_heard(heard, [{"L": 1, "C": K, "Ls": K}, {"R": 1, "C": K, "Rs": K}])

    def test_rtmp_and_srt_carry_51(self):
        with peers.workspace() as folder:
            main, backup = peers.Nginx(folder), peers.SrtReceiver(folder)
            try:
                document = self.document(folder, "5.1")
                document["destinations"] = {"platform": {
                    "main": {"url": main.url(), "key": "one"}, "backup": {"url": backup.url()}}}
                mainstay = peers.Mainstay(folder, document, ["--for", "5s"])
                self.assertEqual(mainstay.wait(30), 0, mainstay.log())
            finally:
                main.end()
                backup.end()
            for path in (main.recordings()[0], backup.path):
                self.assertEqual(stream_of(path)["channels"], 6, path)
                self.assert_surround(amplitudes(path, folder))

    def test_what_is_packaged_for_players_is_51(self):
        with peers.workspace() as folder:
            port = peers.free_port()
            document = self.document(folder, "5.1")
            document["hls"] = {"listen": f"127.0.0.1:{port}", "segment_s": 1}
            mainstay = peers.Mainstay(folder, document)
            url = f"http://127.0.0.1:{port}/live/index.m3u8"
            try:
                peers.wait_for("the stream", lambda: self.fetch(url), 30)
                self.assertIn('CHANNELS="6"', self.fetch(url))
                self.assertEqual(stream_of(url)["channels"], 6)
            finally:
                mainstay.stop()

    @staticmethod
    def fetch(url):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""


if __name__ == "__main__":
    unittest.main()

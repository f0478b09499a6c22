"""HLS of a running show: what FFmpeg reads of it, what a kill leaves behind, and what a broken origin or disk costs."""
import json
import re
import signal
import unittest

import peers

ORIGIN = str(peers.pathlib.Path(__file__).parents[1] / "engine" / "package" / "put_server.py")


def lines_of(path, start):
    return [line for line in path.read_text().splitlines() if line.startswith(start)]


def numbers(playlist):
    return [int(n) for n in re.findall(r"^s(\d+)\.m4s$", playlist.read_text(), re.M)]


class PackagingTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)

    def run_show(self, hls, arguments=(), name="mainstay", **more):
        show = peers.show({"type": "bars"}, more.pop("destinations", {}), width=320, height=180, **more)
        show["encode"]["video"].append({"name": "v1", "kbps": 300, "height": 90, "keyint_s": 1, "preset": "ultrafast"})
        show["hls"] = {"listen": f"127.0.0.1:{peers.free_port()}", "segment_s": 1, "part_ms": 200, "window_s": 8, **hls}
        return peers.Mainstay(self.folder, show, arguments, name)

    def test_every_variant_is_read_with_sound_and_picture_at_one_time(self):
        mainstay = self.run_show({"publish": [{"path": "out"}], "window_s": 60}, ["--for", "10s"])
        self.assertEqual(mainstay.wait(30), 0, mainstay.log())
        report = mainstay.report()
        self.assertEqual(report["hls"]["segments"], 30)
        self.assertGreaterEqual(report["hls"]["parts"], 150)
        peers.assert_on_time(self, report)
        index = self.folder / "out" / "index.m3u8"
        streams = peers.must(["ffprobe", "-v", "error", "-count_packets", "-show_entries",
                              "stream=codec_type,nb_read_packets,start_time", "-of", "csv=p=0", index])
        self.assertEqual(set(re.findall(r"video,([\d.]+),(\d+)", streams)), {("1.000000", "300")}, streams)
        starts = {float(start) for start in re.findall(r"audio,([\d.]+),", streams)}
        self.assertTrue(all(abs(start - 1) < 0.022 for start in starts), streams)
        read = peers.run(["ffmpeg", "-v", "error", "-xerror", "-i", index, "-map", "0", "-f", "null", "-"])
        self.assertEqual((read.returncode, read.stderr), (0, ""))

    def test_h264_hevc_and_av1_stand_side_by_side_and_share_the_sound(self):
        show = peers.show({"type": "bars"}, {}, width=640, height=360)
        common = {"keyint_s": 1, "kbps": 300}
        show["encode"]["video"] = [{"name": "v0", "height": 360, "preset": "ultrafast", **common, "kbps": 800},
                                   {"name": "v1", "height": 180, "preset": "ultrafast", **common},
                                   {"name": "h0", "codec": "hevc", "height": 180, "preset": "ultrafast", **common},
                                   {"name": "m0", "codec": "av1", "height": 180, "preset": "12", **common}]
        show["hls"] = {"listen": f"127.0.0.1:{peers.free_port()}", "segment_s": 1, "part_ms": 200, "window_s": 60,
                       "dash": True, "publish": [{"path": "out"}]}
        mainstay = peers.Mainstay(self.folder, show, ["--for", "4s", "--offline"])
        self.assertEqual(mainstay.wait(120), 0, mainstay.log())
        index = self.folder / "out" / "index.m3u8"
        variants = re.findall(r'#EXT-X-STREAM-INF:.*CODECS="([^"]+)",RESOLUTION=.*AUDIO="audio"\n(\S+)', index.read_text())
        self.assertEqual([uri.split("/")[0] for _, uri in variants], ["v0", "v1", "h0", "m0"])
        for codecs, uri in variants:
            video, sound = codecs.split(",")
            self.assertEqual(sound, "mp4a.40.2")
            told = peers.must(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                               "stream=codec_name,level,nb_read_frames,start_time", "-of", "json", index.parent / uri])
            (stream,) = json.loads(told)["streams"]
            level = {"avc1": lambda: int(video[-2:], 16), "hvc1": lambda: int(re.search(r"\.[LH](\d+)", video)[1]),
                     "av01": lambda: int(video.split(".")[2][:2])}[video[:4]]()
            name = {"avc1": "h264", "hvc1": "hevc", "av01": "av1"}[video[:4]]
            self.assertEqual((stream["codec_name"], stream["level"], stream["nb_read_frames"]), (name, level, "120"), codecs)
            self.assertAlmostEqual(float(stream["start_time"]), 1, places=5)
            read = peers.run(["ffmpeg", "-v", "error", "-xerror", "-i", index.parent / uri, "-f", "null", "-"])
            self.assertEqual((read.returncode, read.stderr), (0, ""), uri)
        # A player changes between sizes of one codec, not between codecs.
        sets = (self.folder / "out" / "manifest.mpd").read_text().split("<AdaptationSet")[1:]
        inside = [set(re.findall(r'codecs="(\w{4})', one)) for one in sets]
        self.assertEqual(inside, [{"avc1"}, {"hvc1"}, {"av01"}, {"mp4a"}])

    def test_after_a_kill_numbers_go_on_behind_one_discontinuity(self):
        hls = {"store": "store", "dvr_s": 120, "publish": [{"path": "out", "remove": False}]}
        first = self.run_show(hls)
        playlist = self.folder / "out" / "v0" / "index.m3u8"
        peers.wait_for("six segments", lambda: playlist.exists() and len(numbers(playlist)) >= 6, 30)
        first.process.signal(signal.SIGKILL)
        peers.wait_for("its end", lambda: not first.process.running())
        before = numbers(playlist)
        second = self.run_show(hls, name="second")
        peers.wait_for("later segments", lambda: numbers(playlist)[-1] >= before[-1] + 4, 30)
        second.stop()
        text = playlist.read_text()
        self.assertIn("#EXT-X-ENDLIST", text)
        listed = numbers(playlist)
        self.assertGreater(listed[-1], before[-1])
        self.assertLessEqual(text.count("#EXT-X-DISCONTINUITY\n"), 1)
        # No number names two things: nothing of the first run was written again.
        maps = set(re.findall(r'#EXT-X-MAP:URI="(init\d+\.mp4)"', text))
        for name in maps:
            self.assertTrue((playlist.parent / name).exists())

    def test_an_origin_that_answers_5xx_costs_the_stream_nothing(self):
        origin = peers.Process(["python3", ORIGIN, str(self.folder / "origin"), "3"], self.folder, "origin")
        self.addCleanup(origin.kill)
        port = int(peers.wait_for("the origin's port", lambda: origin.log().splitlines()[:1])[0])
        nginx = peers.Nginx(self.folder)
        mainstay = self.run_show({"publish": [{"url": f"http://127.0.0.1:{port}/live/"}], "window_s": 30}, ["--for", "16s"],
                                 destinations={"platform": {"main": {"url": nginx.url(), "key": "one"}}})
        self.assertEqual(mainstay.wait(40), 0, mainstay.log())
        nginx.end()
        report = mainstay.report()
        peers.assert_on_time(self, report)
        (leg,) = report["legs"]
        self.assertEqual((leg["dropped"], leg["connects"]), (0, 1))
        self.assertIn("503", origin.log())
        playlist = self.folder / "origin" / "live" / "v0" / "index.m3u8"
        for uri in re.findall(r"^s\d+\.m4s$", playlist.read_text(), re.M):
            self.assertTrue((playlist.parent / uri).exists(), uri)
        # No playlist came before what it names.
        told = [line.split()[:3] for line in origin.log().splitlines() if line.startswith("PUT")]
        there = {path for _, path, status in told if status == "201"}
        self.assertIn("/live/index.m3u8", there)

    def test_youtube_gets_segments_before_the_playlist_that_names_them_and_nothing_else(self):
        origin = peers.Process(["python3", ORIGIN, str(self.folder / "ingest")], self.folder, "ingest")
        self.addCleanup(origin.kill)
        port = int(peers.wait_for("the ingest's port", lambda: origin.log().splitlines()[:1])[0])
        address = f"http://127.0.0.1:{port}/http_upload_hls?cid=the-key&copy=0&file="
        mainstay = self.run_show({"container": "mpegts", "publish": [{"url": address}]}, ["--for", "14s"])
        self.assertEqual(mainstay.wait(40), 0, mainstay.log())
        self.assertNotIn("the-key", mainstay.log())
        told = [line.split()[:3] for line in origin.log().splitlines() if line != "conn"][1:]
        self.assertEqual({(method, status) for method, _, status in told}, {("PUT", "201")}, told)
        names = [re.fullmatch(r"/http_upload_hls\?cid=the-key&copy=0&file=([\w.]+)", path)[1] for _, path, _ in told]
        self.assertTrue(all(re.fullmatch(r"index\.m3u8|s\d+\.ts", name) for name in names), names)
        # Numbers rise one by one, and a playlist follows each segment.
        sent = [int(name[1:-3]) for name in names if name != "index.m3u8"]
        self.assertEqual(sent, list(range(sent[0], sent[0] + len(sent))))
        self.assertGreaterEqual(len(sent), 13)
        self.assertGreaterEqual(names.count("index.m3u8"), len(sent) // 2)
        self.assertEqual(names[-1], "index.m3u8")
        text = (self.folder / "ingest" / "index.m3u8").read_text()
        listed = re.findall(r"^s\d+\.ts$", text, re.M)
        self.assertEqual(listed[-1], f"s{sent[-1]}.ts")
        for line in ("#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", "#EXT-X-ENDLIST"):
            self.assertIn(line, text.splitlines())
        self.assertNotRegex(text, "PART|MAP|SKIP|RENDITION|BLOCK")
        counted = peers.must(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                              "stream=codec_name,nb_read_frames", "-of", "csv=p=0", self.folder / "ingest" / "index.m3u8"])
        self.assertIn(f"h264,{30 * len(listed)}", counted)
        self.assertRegex(counted, r"aac,\d+")

    def test_a_folder_that_cannot_be_written_is_told_and_costs_the_stream_nothing(self):
        mainstay = self.run_show({"publish": [{"path": "/proc/nowhere"}], "store": "/proc/nowhere"}, ["--for", "6s"])
        self.assertEqual(mainstay.wait(30), 0, mainstay.log())
        self.assertIn("/proc/nowhere", mainstay.log())
        self.assertEqual(mainstay.report()["hls"]["segments"], 18)
        peers.assert_on_time(self, mainstay.report())

    def test_an_offline_run_is_packaged_whole_and_faster_than_time(self):
        mainstay = self.run_show({"publish": [{"path": "out", "remove": False}], "window_s": 20}, ["--for", "120s", "--offline"])
        self.assertEqual(mainstay.wait(100), 0, mainstay.log())
        self.assertEqual(mainstay.report()["hls"]["segments"], 360)
        self.assertEqual(len(list((self.folder / "out" / "v0").glob("s*.m4s"))), 120)


if __name__ == "__main__":
    unittest.main()

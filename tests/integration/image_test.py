"""A logo over bars, as a recording of the program shows it."""
import json
import struct
import subprocess
import unittest
import zlib

import peers

WIDTH, HEIGHT = 640, 360


def png(path, width, height, pixel):
    """An RGBA file; pixel(x, y) gives four numbers."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)) +
                     chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


def luma(path, second):
    """The luma plane of the picture at a second of a recording, as ffmpeg decodes it."""
    return subprocess.run(["ffmpeg", "-v", "error", "-ss", str(second), "-i", str(path), "-frames:v", "1", "-f", "rawvideo",
                           "-pix_fmt", "gray", "-vf", "scale=in_range=full:out_range=full", "-"],
                          capture_output=True, check=True, timeout=60).stdout


class ImageTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)

    def document(self, path):
        document = peers.show({"type": "color", "color": "#000000"}, {}, width=WIDTH, height=HEIGHT,
                              record={"path": str(self.folder / "out.mp4")})
        document["sources"]["logo"] = {"type": "image", "path": path}
        document["scenes"] = {"Main": {"layers": [
            {"source": "clip"}, {"source": "logo", "x": 400, "y": 60, "fit": "none", "opacity": 0.8}]}}
        document["on_air"] = "Main"
        return document

    def test_a_logo_lies_where_the_show_puts_it(self):
        # White, its left half half transparent.
        png(self.folder / "logo.png", 100, 50, lambda x, y: (255, 255, 255, 128 if x < 50 else 255))
        mainstay = peers.Mainstay(self.folder, self.document("logo.png"), ["--for", "3s"])
        self.assertEqual(mainstay.wait(30), 0, mainstay.log())
        self.assertEqual(mainstay.report()["errors"], [])
        picture = luma(self.folder / "out.mp4", 1)
        self.assertEqual(len(picture), WIDTH * HEIGHT)
        for x, y, wanted in ((425, 85, 16 + 219 * 0.8 * 128 / 255), (475, 85, 16 + 219 * 0.8), (385, 85, 16), (515, 85, 16),
                             (450, 50, 16), (450, 120, 16)):
            self.assertAlmostEqual(picture[y * WIDTH + x], wanted, delta=4, msg=f"at {x},{y}")

    def test_check_names_the_key_of_a_file_that_is_no_picture(self):
        (self.folder / "logo.png").write_text("a few words\n")
        (self.folder / "show.json").write_text(json.dumps(self.document("logo.png")))
        done = peers.run([peers.MAINSTAY, "check", self.folder / "show.json"])
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr.strip(), "/sources/logo/path: logo.png is a text file, not a picture")

    def test_a_logo_is_replaced_on_air(self):
        logo = png(self.folder / "logo.png", 100, 50, lambda x, y: (255, 255, 255, 254))
        mainstay = peers.Mainstay(self.folder, self.document("logo.png"), ["--for", "8s"])
        mainstay.says("100×50 png with alpha")
        png(self.folder / "next.png", 60, 50, lambda x, y: (0, 0, 0, 254)).replace(logo)
        mainstay.says("60×50 png with alpha")
        self.assertEqual(mainstay.wait(30), 0, mainstay.log())
        before, after = luma(self.folder / "out.mp4", 0), luma(self.folder / "out.mp4", 7.5)
        self.assertAlmostEqual(before[85 * WIDTH + 450], 16 + 219 * 0.8 * 254 / 255, delta=4)
        self.assertAlmostEqual(after[85 * WIDTH + 450], 16, delta=4)
        self.assertEqual(mainstay.report()["frames"]["repeated"], 0)


if __name__ == "__main__":
    unittest.main()

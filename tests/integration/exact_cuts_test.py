"""A cut shows in exactly the frame that Mainstay says: read from burnt-in frame numbers in what comes out encoded."""
import json
import random
import subprocess
import unittest

import control
import peers

WIDTH, HEIGHT = 640, 360
BOX = 64  # in a corner: how a scene is told from the others
CUTS = 40


def box(color):
    return {"source": color, "width": BOX, "height": BOX, "fit": "stretch"}


def scenes_show(destinations, **more):
    show = peers.show({"type": "bars"}, destinations, width=WIDTH, height=HEIGHT, kbps=3000, **more)
    show["sources"] |= {"black": {"type": "color", "color": "#000000"}, "white": {"type": "color", "color": "#ffffff"}}
    bars = {"source": "clip"}
    show["scenes"] = {"Bars": {"layers": [bars]}, "Black": {"layers": [bars, box("black")]},
                      "White": {"layers": [bars, box("white")]}}
    show["on_air"] = "Bars"
    return show


def mean(picture, left, top, width, height):
    return sum(sum(picture[y * WIDTH + left:y * WIDTH + left + width]) for y in range(top, top + height)) / (width * height)


def number_in(picture):
    """The 32 blocks along the bottom edge, the highest bit at the left (engine/sources/frame_code.h)."""
    rows = max(8, HEIGHT // 30) & ~1
    block = WIDTH // 32
    number = 0
    for bit in range(32):
        light = mean(picture, bit * block + block // 4, HEIGHT - rows + rows // 4, block // 2, rows // 2)
        if 100 < light < 150:
            raise AssertionError(f"bit {bit} is neither black nor white: {light}")
        number = number << 1 | (light >= 150)
    return number


def scene_in(picture):
    light = mean(picture, 8, 8, BOX - 16, BOX - 16)
    return "Black" if light < 60 else "White" if light > 215 else "Bars"


def seen_in(path):
    """(number, scene) of each picture of a recording, in the order shown."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as decoder:
        while len(picture := decoder.stdout.read(WIDTH * HEIGHT)) == WIDTH * HEIGHT:
            yield number_in(picture), scene_in(picture)


class ExactCutsTest(control.ControlCase):
    def check(self, path, taken):
        """Every picture of the recording shows what was on air at its number: `taken` is (frame, scene), in order."""
        seen = list(seen_in(path))
        self.assertGreater(len(seen), taken[-1][0] - taken[0][0])
        self.assertEqual([n for n, _ in seen], list(range(seen[0][0], seen[0][0] + len(seen))), "a frame is missing or twice")
        wanted = "Bars"
        cuts = list(taken)
        wrong = []
        for number, scene in seen:
            while cuts and cuts[0][0] <= number:
                wanted = cuts.pop(0)[1]
            if scene != wanted:
                wrong.append((number, scene, wanted))
        self.assertEqual(wrong, [])
        self.assertEqual(cuts, [], "cuts after the end of the recording")
        return seen

    def test_offline_a_script_cuts_on_the_frames_it_names(self):
        chance = random.Random(7)
        names = ["Bars", "Black", "White"]
        rundown = []
        for _ in range(CUTS):
            scene = chance.choice([name for name in names if not rundown or name != rundown[-1]["scene"]])
            rundown.append({"wait": chance.choice([1, 1, 2, 3, 5, 17, 30, 61]), "scene": scene})
        show = scenes_show({}, record={"path": "cuts.mp4"})
        (self.folder / "show.json").write_text(json.dumps(show))
        (self.folder / "cuts.js").write_text(f"""
            const rundown = {json.dumps(rundown)};
            const taken = [];
            program.start();
            sleep(1);
            for (const item of rundown) {{
              sleep(item.wait / 30);
              program.cut(item.scene);
              taken.push([program.frames, item.scene]);
            }}
            sleep(1);
            program.stop();
            log(JSON.stringify(taken));
            """)
        done = peers.run([peers.MAINSTAY, "script", str(self.folder / "cuts.js"), str(self.folder / "show.json"), "--offline",
                          "--log-level", "warning"], seconds=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        taken = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(len(taken), CUTS)
        steps = [b[0] - a[0] for a, b in zip(taken, taken[1:])]
        self.assertEqual(steps, [item["wait"] for item in rundown[1:]])
        self.check(self.folder / "cuts.mp4", taken)

    def test_on_air_the_frame_that_the_event_names_is_the_first_that_the_ingest_gets(self):
        chance = random.Random(11)
        receiver = peers.SrtReceiver(self.folder)
        self.addCleanup(receiver.end)
        mainstay = self.start(scenes_show({"platform": {"main": {"url": receiver.url()}}}))
        self.await_live("platform", "main")
        scene = "Bars"
        for _ in range(CUTS):
            scene = chance.choice([name for name in ("Bars", "Black", "White") if name != scene])
            frames = self.state("/program/frames")
            self.must("program.cut", scene=scene)
            pause = chance.randint(2, 12)
            peers.wait_for("some frames", lambda: self.state("/program/frames") > frames + pause, step=0.003)
        peers.wait_for("another second", lambda: self.state("/program/frames") > frames + 42)
        events = [event for event in self.must("event.list", limit=2000) if event["type"] == "program.scene"]
        taken = [(event["data"]["frame"], event["subject"]) for event in events]
        self.assertEqual(len(taken), CUTS)
        self.assertEqual(mainstay.stop(), 0, mainstay.log())
        receiver.end()
        self.check(receiver.path, taken)


if __name__ == "__main__":
    unittest.main()

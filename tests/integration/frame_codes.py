"""What a recording shows, frame by frame: the number in its picture, and which of three scenes it is."""
import subprocess

import peers

WIDTH, HEIGHT = 640, 360
BOX = 64  # in a corner: how a scene is told from the others


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


def assert_shows(case, path, taken):
    """Every picture of the recording shows what was on air at its number: `taken` is (frame, scene), in order."""
    seen = list(seen_in(path))
    case.assertGreater(len(seen), taken[-1][0] - taken[0][0])
    case.assertEqual([n for n, _ in seen], list(range(seen[0][0], seen[0][0] + len(seen))), "a frame is missing or twice")
    wanted = "Bars"
    cuts = list(taken)
    wrong = []
    for number, scene in seen:
        while cuts and cuts[0][0] <= number:
            wanted = cuts.pop(0)[1]
        if scene != wanted:
            wrong.append((number, scene, wanted))
    case.assertEqual(wrong, [])
    case.assertEqual(cuts, [], "cuts after the end of the recording")
    return seen

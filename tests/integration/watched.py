"""A show whose pictures carry their numbers, watched in headless Chromium, and what is promised of it."""
import json
import os
import pathlib
import time
import urllib.error
import urllib.request

import control
import peers

HERE = pathlib.Path(__file__).resolve().parent / "player"
PLACE = peers.BUILD / "player_peer"

# How fast it is counts on a machine that does nothing else: MAINSTAY_FIGURES=1 asks for what is promised. Otherwise,
# on any busy machine, a fault is what takes a multiple of it.
PROMISED = os.environ.get("MAINSTAY_FIGURES") == "1"


def fetch(url):
    """(status, body) of a GET."""
    try:
        with urllib.request.urlopen(url, timeout=15) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError:
        return 0, b""


def share(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class WatchedCase(control.ControlCase):
    @classmethod
    def setUpClass(cls):
        peers.npm_peer(HERE, PLACE)

    def serve(self, encode=None, **hls):
        self.hls_port = peers.free_port()
        self.page = f"http://127.0.0.1:{self.hls_port}/"
        show = self.bars_show({}, encode={"video": [{"name": "v0", "kbps": 800, "keyint_s": 1, "preset": "ultrafast"}],
                                          "audio": [{"name": "a0", "kbps": 128}]})
        show["program"].update(width=640, height=360)
        if encode:
            show["encode"]["video"] = encode
        show["hls"] = {"listen": f"127.0.0.1:{self.hls_port}", **hls}
        return self.start(show)

    def await_stream(self, query=""):
        peers.wait_for("the stream", lambda: fetch(f"{self.page}live/index.m3u8{query}")[0] == 200, 30)

    def figure(self, what, value, promised, bearable):
        print(f"{what}: {value:.0f}, promised {promised}", flush=True)
        with open(PLACE / "figures.jsonl", "a") as out:
            out.write(json.dumps({"what": what, "value": round(value), "promised": promised, "calm": PROMISED}) + "\n")
        self.assertLessEqual(value, promised if PROMISED else bearable * peers.TIME_SCALE, what)

    def burnt_in(self):
        """When frame 0 was due, in ms of UTC: a frame is never made before it is due, so what the state tells of the last
        one made is late by what asking took, at the least of many times."""
        earliest = float("inf")
        for _ in range(150):
            made = self.state("/program/frames")
            if made:
                earliest = min(earliest, time.time() * 1000 - (made - 1) * 1000 / 30)
        return earliest

    def chain(self, seen, begins):
        """How old each picture was when it was seen, in ms: its burnt-in number against the page's wall clock. And how
        old the page took it to be, from what the playlists say."""
        numbers = [n for n in seen["numbers"] if n[0] is not None]
        self.assertGreater(len(numbers), 0.9 * len(seen["numbers"]), "burnt-in numbers that cannot be read")
        self.assertGreater(len(numbers), 100)
        return [(utc - begins - number * 1000 / 30, dated) for number, utc, dated in numbers]

#!/usr/bin/env python3
"""What a live source costs while nobody sees it: a 1080p30 stream (H.264 8 Mb/s, AAC) pulled over SRT, by when_hidden.

tests/bench/hidden_bench.py [--seconds 20] [--rounds 3] [--write docs/benchmarks.md]

The program shows a colour (the stream hidden) or the stream, at 1080p30, encoded at 320×180 so that the encoder counts for
little. CPU is that of the whole process; what it takes without the stream is taken off. By turns, the median counts.
"""
import argparse
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
import bench_text  # noqa: E402
import peers  # noqa: E402

ROWS = [("hidden, when_hidden run", "run", "Wall"), ("hidden, when_hidden pause", "pause", "Wall"),
        ("hidden, when_hidden close", "close", "Wall"), ("shown", "run", "Far")]


def share(folder, clip, seconds, when_hidden, scene):
    """CPU of a run, as percent of a core. Without `when_hidden` there is no stream."""
    document = peers.show({"type": "color", "color": "#203050"}, {}, 1920, 1080)
    document["scenes"] = {"Wall": {"layers": [{"source": "clip"}]}}
    document["on_air"] = scene
    document["encode"]["video"] = [{"name": "v0", "preset": "ultrafast", "height": 180, "kbps": 500}]
    sender = None
    if when_hidden:
        port = peers.free_udp_port()
        sender = peers.Process(["ffmpeg", "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(clip), "-c", "copy",
                                "-f", "mpegts", f"srt://127.0.0.1:{port}?mode=listener"], folder, "sender")
        document["sources"]["far"] = {"type": "stream", "url": f"srt://127.0.0.1:{port}", "when_hidden": when_hidden}
        document["scenes"]["Far"] = {"layers": [{"source": "far"}]}
    mainstay = peers.Mainstay(folder, document, ["--for", f"{seconds}s"])
    try:
        code = mainstay.wait(seconds + 30)
        assert code == 0, mainstay.log()
        report = mainstay.report()
    finally:
        if sender:
            sender.end()
    return 100 * report["cpu_s"] / report["duration_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write")
    options = parser.parse_args()
    shares = {name: [] for name, _, _ in ROWS}
    with peers.workspace() as folder:
        clip = peers.make_clip(folder / "far.mp4", 10, "1920x1080", video="libx264 -preset veryfast -b:v 8M -g 30 -bf 2")
        for _ in range(options.rounds):
            bare = share(folder, clip, options.seconds, None, "Wall")
            for name, when_hidden, scene in ROWS:
                shares[name].append(share(folder, clip, options.seconds, when_hidden, scene) - bare)
    lines = ["| a 1080p30 stream | percent of a core: median (least to most) |", "|---|---|"]
    for name, values in shares.items():
        lines.append(f"| {name} | {statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f}) |")
    lines.append(f"\nRounds of {options.seconds} s: {options.rounds}.")
    bench_text.publish("hidden_bench", "\n".join(lines), options.write)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Commands while on air: 8 WebSocket clients calling 10,000 commands a second of a channel that encodes four renditions,
with one client that calls one at a time and one that follows the events and never reads them.

tests/bench/control_bench.py [--seconds 60] [--rate 10000] [--clients 8] [--write docs/benchmarks.md]

The same show runs first with the one careful client alone, as the yardstick: what counts is that no frame is late or
repeated in either, and that the memory is bounded. The load takes its share of the same cores.
"""
import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
import bench_text  # noqa: E402
import peers  # noqa: E402

LOAD = str(peers.BUILD / "bin" / "bench_control_load")


def document(folder, port, srt):
    clip = peers.make_clip(folder / "clip.mp4", 10, "1280x720", video="libx264 -preset veryfast -b:v 4M -g 60")
    show = peers.show({"type": "file", "path": str(clip), "loop": True}, {"platform": {"main": {"url": srt}}}, 1280, 720)
    show["sources"]["bars"] = {"type": "bars"}
    show["scenes"] = {"A": {"layers": [{"source": "clip"}]}, "B": {"layers": [{"source": "bars"}]}}
    show["on_air"] = "A"
    rungs = [("v720", 720, 2500), ("v540", 540, 1500), ("v360", 360, 800), ("v234", 234, 300)]
    show["encode"]["video"] = [{"name": name, "height": height, "kbps": kbps, "preset": "ultrafast", "keyint_s": 2}
                               for name, height, kbps in rungs]
    show["remote"] = {"listen": f"127.0.0.1:{port}"}
    return show


def round_of(folder, seconds, rate, clients):
    """One run on air. Returns (report, load's figures, log)."""
    receiver, port = peers.SrtReceiver(folder), peers.free_port()
    mainstay = peers.Mainstay(folder, document(folder, port, receiver.url()), ["--for", f"{seconds + 4}s"])
    try:
        peers.wait_for("the API to listen", lambda: peers.can_connect(port) or not mainstay.process.running())
        seen = json.loads(peers.must([LOAD, port, seconds, rate, clients], seconds + 60))
        assert mainstay.wait(seconds + 30) == 0, mainstay.log()
    finally:
        mainstay.stop()
        receiver.end()
    return mainstay.report(), seen, mainstay.log()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=10000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--write", help="put the figures into this file, between the markers of control_bench")
    options = parser.parse_args()
    results = {}
    with peers.workspace() as folder:
        for name, clients in (("quiet", 0), ("called", options.clients)):
            place = folder / name
            place.mkdir()
            results[name] = round_of(place, options.seconds, options.rate, clients)
            print(name, results[name][0]["frames"], results[name][1], flush=True)
    (quiet, alone, _), (called, seen, log) = results["quiet"], results["called"]
    dropped = [line.split(" ", 3)[-1] for line in log.splitlines() if "dropped" in line]

    def row(name, a, b):
        return f"| {name} | {a} | {b} |"

    def frames(report):
        return f"{report['frames']['rendered']} / {report['frames']['late']} / {report['frames']['repeated']}"

    def ms(figures):
        return f"{figures['p50']:.2f} / {figures['p99']:.2f} / {figures['max']:.1f}"
    text = "\n".join([
        "| figure | one client, one call at a time | and the others |", "|---|---|---|",
        row("frames rendered / late / repeated", frames(quiet), frames(called)),
        row("peak memory (MB)", f"{quiet['peak_rss_mb']:.0f}", f"{called['peak_rss_mb']:.0f}"),
        row("CPU of Mainstay (s)", f"{quiet['cpu_s']:.1f}", f"{called['cpu_s']:.1f}"),
        row("commands answered a second", "", f"{seen['per_second']:.0f}"),
        row("commands refused", "", seen["refused"]),
        row("a cut, call to stored result, p50 / p99 / max (ms)", ms(alone["one_by_one_ms"]), ms(seen["one_by_one_ms"])),
        row("a token through four idle threads (yardstick), p50 / p99 / max (ms)", ms(alone["relay_ms"]),
            ms(seen["relay_ms"])),
        row("a batch of ten, sent to answered, p50 / p99 / max (ms)", "", ms(seen["batch_ms"])),
        row("the client that never reads", "", f"{seen['deaf']['messages']} messages, then {dropped[:1] or 'nothing'}"),
        "", f"{options.seconds} s, {options.clients} clients, {options.rate} commands a second asked for: two cuts, one "
            "edit (each a stored revision), three reads of the document and four of a command's help in ten."])
    bench_text.publish("control_bench", text, options.write)


if __name__ == "__main__":
    main()

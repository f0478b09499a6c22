#!/usr/bin/env python3
"""The four-layer 1080p30 scene on air: x264 veryfast 6 Mb/s to an RTMP and an SRT ingest, counted in late frames.

tests/bench/scene_on_air_bench.py [--seconds 300] [--fade-every 5] [--write docs/benchmarks.md]

Two scenes, each with a full-frame 1080p video, another 1080p video as a 640×360 picture in picture, a translucent
graphic and a running ticker. With --fade-every the one fades into the other that often, for a second each.
"""
import argparse
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
import bench_text  # noqa: E402
import control  # noqa: E402
import peers  # noqa: E402


def scene(background, inset, left):
    return {"layers": [
        {"source": background},
        {"source": inset, "x": 1200 - left, "y": 60, "width": 640, "height": 360},
        {"source": "logo", "x": 80 + left, "y": 60, "opacity": 0.8},
        {"source": "ticker", "y": 940}]}


def document(folder, clips, destinations, port):
    show = peers.show({"type": "file", "path": str(clips[0]), "loop": True}, destinations, 1920, 1080)
    show["sources"] |= {
        "other": {"type": "file", "path": str(clips[1]), "loop": True},
        "logo": {"type": "svg", "path": str(folder / "logo.svg"), "width": 600, "height": 200},
        "ticker": {"type": "ticker", "speed": 120, "text": "Mainstay keeps a channel on the air " * 20,
                   "style": {"size": 64, "background": "#102040b0", "padding": 20}}}
    show["scenes"] = {"One": scene("clip", "other", 0), "Two": scene("other", "clip", 600)}
    show["on_air"] = "One"
    show["encode"] = {"video": [{"name": "v0", "preset": "veryfast", "kbps": 6000, "vbv_ms": 1000, "keyint_s": 2}],
                      "audio": [{"name": "a0", "kbps": 160}]}
    show["remote"] = {"listen": f"127.0.0.1:{port}"}
    return show


def must(port, method, **params):
    result, error = control.api(port, method, params)
    assert error is None, f"{method}: {error}"
    return result


def fade_until_the_end(child, port, every):
    """The number of fades that were asked for."""
    fades = 0
    peers.wait_for("the API", lambda: peers.can_connect(port) or child.poll() is not None)
    frames = lambda: must(port, "state.get", path="/program/frames")  # noqa: E731
    due = 30 * every
    while True:
        try:
            peers.wait_for("the next fade", lambda: child.poll() is not None or frames() >= due, every * 3, 0.2)
            if child.poll() is not None:
                return fades
            must(port, "program.auto", scene="Two" if fades % 2 == 0 else "One", transition="fade", duration_ms=1000)
        except OSError:
            return fades  # it is over
        fades += 1
        due += 30 * every


def run(folder, seconds, fade_every):
    clips = [peers.make_clip(folder / f"clip{i}.mp4", 30, "1920x1080", video=f"libx264 -preset veryfast -b:v 8M -g {g}")
             for i, g in enumerate((60, 50))]
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200">'
                                     '<rect width="600" height="200" rx="40" fill="#c01020" fill-opacity="0.8"/></svg>')
    main, backup = peers.Nginx(folder), peers.SrtReceiver(folder)
    port = peers.free_port()
    show = document(folder, clips, {"platform": {"main": {"url": main.url(), "key": "one"},
                                                 "backup": {"url": backup.url()}}}, port)
    path, report = folder / "show.json", folder / "report.json"
    path.write_text(peers.json.dumps(show))
    with open(folder / "mainstay.log", "wb") as log:
        child = subprocess.Popen([peers.MAINSTAY, "run", str(path), "--for", f"{seconds}s", "--report", str(report)],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        fades = fade_until_the_end(child, port, fade_every) if fade_every else 0
        _, status, usage = os.wait4(child.pid, 0) if child.returncode is None else (0, child.returncode, None)
    main.end()
    backup.end()
    assert os.waitstatus_to_exitcode(status) == 0, (folder / "mainstay.log").read_text()
    received = [len(peers.packets(path)) for path in (main.recordings()[0], backup.path)]
    return peers.json.loads(report.read_text()), usage, received, fades


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--fade-every", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--write", metavar="FILE", help="put the figures into this page")
    options = parser.parse_args()
    rows = ["| run | frames | late | repeated | received by RTMP, SRT | dropped | CPU, of two cores |", "|---|---|---|---|---|---|---|"]
    for fade_every in ([0, options.fade_every] if options.fade_every else [0]):
        with peers.workspace() as folder:
            report, _, received, fades = run(folder, options.seconds, fade_every)
        frames, dropped = report["frames"], sum(leg["dropped"] for leg in report["legs"])
        name = f"{fades} cross-fades of 1 s" if fades else "one scene"
        rows.append(f"| {name}, {options.seconds} s | {frames['rendered']} | {frames['late']} | {frames['repeated']} | "
                    f"{received[0]}, {received[1]} | {dropped} | {100 * report['cpu_s'] / options.seconds / 2:.0f} % |")
        print(rows[-1], flush=True)
    bench_text.publish("scene_on_air_bench", "\n".join(rows), options.write)


if __name__ == "__main__":
    main()

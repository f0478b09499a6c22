#!/usr/bin/env python3
"""The 1080p scene of four layers: Mainstay's compositor beside ffmpeg's overlay filters.

Usage: tests/bench/compose_bench.py BUILD/bin/bench_compose [--write docs/benchmarks.md]
Runs all by turns and prints the CPU that a frame costs, and the ratios. ffmpeg does it in two ways: as it is commonly
written, with graphics from looped PNG files, and tuned, with graphics converted once and held by the loop filter. In
both its videos come from nullsrc, which does not even paint them, and are its own to draw on, nothing is encoded, one
thread; what its inputs cost (the PNG decoder's work too) is measured alone and taken off.
"""
import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import tempfile

import bench_text

FRAMES = 300
ROUNDS = 5
VIDEO = "nullsrc=s=1920x1080:r=30,format=yuv420p"
LAID = "[background][inset]overlay=1200:60[a];[a][logo]overlay=80:60[b];[b][strip]overlay=x='-mod(4*n,8000)':y=940"
TUNED = (f"{VIDEO}[background];{VIDEO},scale=640:360[inset];"
         "color=c=red@0.7:s=600x200:r=30,format=yuva420p,trim=end_frame=1,loop=loop=-1:size=1:start=0[logo];"
         "color=c=blue@0.7:s=9920x120:r=30,format=yuva420p,trim=end_frame=1,loop=loop=-1:size=1:start=0[strip];"
         f"{LAID}[out]")
TUNED_INPUTS = f"{VIDEO}[out];{VIDEO},nullsink"
COMMON = (f"{VIDEO}[background];{VIDEO},scale=640:360[inset];[0]format=rgba,colorchannelmixer=aa=0.8[logo];"
          f"[1]null[strip];{LAID}[out]")
COMMON_INPUTS = f"{TUNED_INPUTS};[0]nullsink;[1]nullsink"


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def make_graphics(folder):
    for name, color, size in (("logo.png", "red@0.7", "600x200"), ("strip.png", "blue@0.7", "9920x120")):
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"color=c={color}:s={size},format=rgba",
                        "-frames:v", "1", str(folder / name)], check=True)


def ffmpeg(graph, folder=None):
    """Milliseconds of CPU a frame."""
    inputs = [word for name in ("logo.png", "strip.png") if folder
              for word in ("-loop", "1", "-framerate", "30", "-i", str(folder / name))]
    command = ["ffmpeg", "-v", "error", "-filter_complex_threads", "1", *inputs, "-filter_complex", graph,
               "-map", "[out]", "-frames:v", str(FRAMES), "-f", "null", "-"]
    return 1000 * cpu_of(command)[0] / FRAMES


def mainstay(bench):
    _, out = cpu_of([bench, "--benchmark_format=json", "--benchmark_filter=scene/layers:15"])
    (row,) = json.loads(out)["benchmarks"]
    return row["cpu_time"]


def spread(figures):
    return f"{statistics.median(figures):.2f} ms ({min(figures):.2f} to {max(figures):.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench")
    parser.add_argument("--write", metavar="FILE", help="put the figures into this page")
    arguments = parser.parse_args()
    ours, common, tuned = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_graphics(folder)
        for _ in range(ROUNDS):
            ours.append(mainstay(arguments.bench))
            common.append(ffmpeg(COMMON, folder) - ffmpeg(COMMON_INPUTS, folder))
            tuned.append(ffmpeg(TUNED) - ffmpeg(TUNED_INPUTS))
    rows = ["| CPU a frame, one thread | median (least to most) | times Mainstay's |", "|---|---|---|"]
    for name, figures in (("Mainstay's compositor", ours), ("ffmpeg as commonly written", common),
                          ("ffmpeg tuned", tuned)):
        rows.append(f"| {name} | {spread(figures)} | {statistics.median(figures) / statistics.median(ours):.1f} |")
    bench_text.publish("compose_bench", "\n".join(rows), arguments.write)


if __name__ == "__main__":
    main()

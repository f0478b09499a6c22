#!/usr/bin/env python3
"""The 1080p scene of four layers: Mainstay's compositor beside ffmpeg's overlay filters.

Usage: tests/bench/compose_bench.py BUILD/bin/bench_compose [--write docs/benchmarks.md]
Runs both by turns and prints the CPU that a frame costs, and the ratio. ffmpeg gets the best of it: its pictures come
from nullsrc, which does not even paint them, its graphics are made ready once and held by the loop filter, one thread,
nothing is encoded; what its sources alone cost is measured too and taken off.
"""
import argparse
import json
import resource
import statistics
import subprocess

import bench_text

FRAMES = 300
ROUNDS = 5
VIDEO = "nullsrc=s=1920x1080:r=30,format=yuv420p"
SCENE = (f"{VIDEO}[background];{VIDEO},scale=640:360[inset];"
         "color=c=red@0.7:s=600x200:r=30,format=yuva420p,trim=end_frame=1,loop=loop=-1:size=1:start=0[logo];"
         "color=c=blue@0.7:s=9920x120:r=30,format=yuva420p,trim=end_frame=1,loop=loop=-1:size=1:start=0[strip];"
         "[background][inset]overlay=1200:60[a];[a][logo]overlay=80:60[b];"
         "[b][strip]overlay=x='-mod(4*n,8000)':y=940,format=yuv420p")
SOURCES = f"{VIDEO}[background];{VIDEO},nullsink;[background]null"


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def ffmpeg(graph):
    """Milliseconds of CPU a frame."""
    command = ["ffmpeg", "-v", "error", "-filter_complex_threads", "1", "-filter_complex", graph + "[out]",
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
    ours, theirs, bare = [], [], []
    for _ in range(ROUNDS):
        ours.append(mainstay(arguments.bench))
        theirs.append(ffmpeg(SCENE))
        bare.append(ffmpeg(SOURCES))
    net = [a - b for a, b in zip(theirs, bare)]
    ratio = statistics.median(net) / statistics.median(ours)
    bench_text.publish("compose_bench", "\n".join([
        "| CPU a frame, one thread | median (least to most) |", "|---|---|",
        f"| Mainstay's compositor | {spread(ours)} |",
        f"| ffmpeg's overlay filters, without its sources | {spread(net)} |",
        f"| ffmpeg's sources alone | {spread(bare)} |", "",
        f"ffmpeg/Mainstay: {ratio:.1f}"]), arguments.write)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Filters of layers: CPU a frame of 1080p, beside ffmpeg's filter of the same kind on the same pictures.

Usage: tests/bench/filters_bench.py BUILD/bin/bench_filters [--loops 15] [--rounds 3] [--write docs/benchmarks.md]
Both by turns, one thread each. What reading the pictures costs ffmpeg is measured alone and taken off. Keys of ours are
premultiplied, ready to be laid; those of ffmpeg are not.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile

import bench_text

PICTURES = 8
PAIRS = [
    ("chroma_key", "chromakey=0x00ff00:0.4:0.08"),
    ("luma_key", "lumakey=threshold=0.05:tolerance=0.05:softness=0.05"),
    ("color_correct_tones", "eq=contrast=1.1:saturation=1.2"),
    ("color_correct_curves", "curves=r='0/0 0.5/0.56 1/1'"),
    ("lut", "lut3d=file={cube}:interp=tetrahedral"),
    ("blur_4", "gblur=sigma=2"),
    ("blur_20", "gblur=sigma=10"),
    ("sharpen", "unsharp=5:5:0.5:5:5:0"),
    ("deinterlace_bwdif", "bwdif=mode=send_frame:deint=all"),
    ("deinterlace_yadif", "yadif=mode=send_frame:deint=all"),
]


def cpu_of(command, **more):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def ffmpeg(pictures, chain, loops):
    """Milliseconds a frame, reading included."""
    cpu, _ = cpu_of(["ffmpeg", "-v", "error", "-filter_threads", "1", "-stream_loop", str(loops - 1), "-f", "rawvideo",
                     "-pix_fmt", "yuv420p", "-s", "1920x1080", "-r", "30", "-i", pictures, "-vf", chain, "-f", "null", "-"])
    return 1000 * cpu / (PICTURES * loops)


def mainstay(bench, pictures):
    _, out = cpu_of([bench, "--benchmark_filter=^filter/", "--benchmark_format=json",
                      "--benchmark_min_time=0.5"],
                    env=dict(os.environ, MAINSTAY_PICTURES=pictures))
    return {row["name"].split("/")[1]: row["cpu_time"] for row in json.loads(out)["benchmarks"]}


def write_cube(path):
    lines = ["LUT_3D_SIZE 33"]
    for b in range(33):
        for g in range(33):
            for r in range(33):
                lines.append(f"{(r / 32) ** 0.5:.6f} {g / 32 * 0.9 + 0.1 * b / 32:.6f} {(b / 32) ** 2:.6f}")
    pathlib.Path(path).write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("--loops", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write")
    options = parser.parse_args()
    bench = options.bench.resolve()
    with tempfile.TemporaryDirectory() as folder:
        pictures, cube = f"{folder}/pictures.yuv", f"{folder}/33.cube"
        write_cube(cube)
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30,noise=alls=12:allf=t",
                        "-frames:v", str(PICTURES), "-pix_fmt", "yuv420p", "-f", "rawvideo", pictures], check=True)
        ours = {}
        theirs = {name: [] for name, _ in PAIRS}
        for _ in range(options.rounds):
            for name, ms in mainstay(bench, pictures).items():
                ours.setdefault(name, []).append(ms)
            bare = ffmpeg(pictures, "null", options.loops)
            for name, chain in PAIRS:
                theirs[name].append(ffmpeg(pictures, chain.format(cube=cube), options.loops) - bare)
    lines = ["| filter | ms a frame | ffmpeg's | ms a frame | ratio |", "|---|---|---|---|---|"]
    for name in ours:
        mine = statistics.median(ours[name])
        chain = dict(PAIRS).get(name)
        if chain is None:
            lines.append(f"| {name} | {mine:.2f} | | | |")
            continue
        other = statistics.median(theirs[name])
        lines.append(f"| {name} | {mine:.2f} | {chain.split('=')[0]} | {other:.2f} | {other / mine:.1f} |")
    lines.append(f"\n{options.rounds} rounds of {PICTURES * options.loops} pictures; medians.")
    bench_text.publish("filters_bench", "\n".join(lines), options.write)


if __name__ == "__main__":
    main()

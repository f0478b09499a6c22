#!/usr/bin/env python3
"""32 strips with gate, compressor and equaliser: Mainstay's mixer beside one ffmpeg process with the same chain.

Usage: tests/bench/mixer_bench.py BUILD/bin/bench_mixer
Runs both by turns and prints the CPU that a second of sound costs, and the ratio. ffmpeg makes its tones itself (one
sine, split 32 ways: its cost is measured alone and taken off) and throws the sum away.
"""
import json
import pathlib
import resource
import statistics
import subprocess
import sys

STRIPS = 32
SECONDS = 20
ROUNDS = 5
CHAIN = ("agate=threshold=0.00316:range=0.001:attack=2:release=150,"
         "highpass=f=80,equalizer=f=3000:t=q:w=0.7071:g=3,treble=f=9000:t=q:w=0.7071:g=-2,"
         "acompressor=threshold=0.126:ratio=3:attack=10:release=150:knee=2")


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def ffmpeg(chain):
    names = "".join(f"[s{i}]" for i in range(STRIPS))
    each = ";".join(f"[s{i}]{chain}[m{i}]" for i in range(STRIPS))
    mixed = "".join(f"[m{i}]" for i in range(STRIPS))
    graph = (f"sine=f=300:r=48000:samples_per_frame=1600:d={SECONDS},volume=-12dB,aformat=fltp:channel_layouts=stereo,"
             f"asplit={STRIPS}{names};{each};{mixed}amix=inputs={STRIPS}:normalize=0[out]")
    return cpu_of(["ffmpeg", "-v", "error", "-filter_threads", "1", "-filter_complex_threads", "1", "-filter_complex",
                   graph, "-map", "[out]", "-f", "null", "-"])[0] / SECONDS


def mainstay(bench):
    """CPU seconds a second of sound, with the filters and without."""
    _, out = cpu_of([bench, "--benchmark_format=json", "--benchmark_filter=strips_32"])
    times = {row["name"].split("/")[0]: row["cpu_time"] / 1000 for row in json.loads(out)["benchmarks"]}
    return times["strips_32_gate_compressor_eq"], times["strips_32"]


def main():
    bench = pathlib.Path(sys.argv[1]).resolve()
    ours, plain, theirs, bare = [], [], [], []
    for _ in range(ROUNDS):
        whole, without = mainstay(bench)
        ours.append(whole)
        plain.append(without)
        theirs.append(ffmpeg(CHAIN))
        bare.append(ffmpeg("anull"))
    for name, whole, without in (("Mainstay", ours, plain), ("ffmpeg", theirs, bare)):
        print(f"{name}: {100 * statistics.median(whole):.1f} % of a core ({100 * min(whole):.1f} to {100 * max(whole):.1f}), "
              f"{100 * statistics.median(without):.1f} % without the filters")
    filters = [a - b for a, b in zip(ours, plain)]
    others = [a - b for a, b in zip(theirs, bare)]
    print(f"ratio ffmpeg/Mainstay of the whole: {statistics.median(theirs) / statistics.median(ours):.2f}, "
          f"of the filters alone: {statistics.median(others) / statistics.median(filters):.2f}")


if __name__ == "__main__":
    main()

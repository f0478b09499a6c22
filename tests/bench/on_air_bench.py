#!/usr/bin/env python3
"""The whole job, Mainstay against `ffmpeg -f tee`, side by side in one run: a 1080p30 file to an RTMP and an SRT ingest.

tests/bench/on_air_bench.py [--seconds 60] [--rounds 3] [--write docs/benchmarks.md]

Each round runs both in turn against fresh receivers, in alternating order, and takes user + system time and the peak
resident set of the sender alone (the operating system's own accounting of the finished process). Ratios are pair by
pair; the median is what counts.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
import bench_text  # noqa: E402
import peers  # noqa: E402


def measured(arguments, folder, name, seconds):
    """Runs to the end; returns (cpu seconds, peak RSS in MB, exit code, log)."""
    log = folder / f"{name}.log"
    with open(log, "wb") as out:
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        killer = threading.Timer(seconds * 2 + 30, child.kill)
        killer.start()
        _, status, usage = os.wait4(child.pid, 0)
        killer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, child.returncode, log.read_text(errors="replace")


def ffmpeg_job(clip, rtmp, srt, seconds):
    outputs = f"[f=flv:onfail=ignore]{rtmp}/one|[f=mpegts:onfail=ignore]{srt}?pkt_size=1316"
    return ["ffmpeg", "-hide_banner", "-v", "error", "-re", "-i", str(clip), "-t", str(seconds), "-map", "0:v", "-map", "0:a",
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", "6000k", "-maxrate", "6000k", "-bufsize", "6000k", "-g", "60",
            "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-flags", "+global_header", "-c:a", "aac", "-b:a", "160k",
            "-f", "tee", outputs]


def mainstay_job(folder, clip, rtmp, srt, seconds):
    document = peers.show({"type": "file", "path": str(clip)},
                          {"platform": {"main": {"url": rtmp, "key": "one"}, "backup": {"url": srt}}}, 1920, 1080)
    document["encode"] = {"video": [{"name": "v0", "preset": "veryfast", "kbps": 6000, "vbv_ms": 1000, "keyint_s": 2}],
                          "audio": [{"name": "a0", "kbps": 160}]}
    path = folder / "show.json"
    path.write_text(peers.json.dumps(document))
    return [peers.MAINSTAY, "run", str(path), "--for", f"{seconds}s", "--report", str(folder / "report.json")]


def round_of(who, folder, clip, seconds):
    main, backup = peers.Nginx(folder), peers.SrtReceiver(folder)
    try:
        if who == "ffmpeg":
            result = measured(ffmpeg_job(clip, main.url(), backup.url(), seconds), folder, who, seconds)
        else:
            result = measured(mainstay_job(folder, clip, main.url(), backup.url(), seconds), folder, who, seconds)
    finally:
        main.end()
        backup.end()
    frames = [len(peers.packets(path)) for path in (main.recordings()[0], backup.path)]
    assert result[2] == 0, f"{who} ended with {result[2]}:\n{result[3]}"
    report = peers.json.loads((folder / "report.json").read_text()) if who == "mainstay" else None
    return result[0], result[1], frames, report


def cold_start(folder, clip, rounds):
    """Seconds from starting the process to the first bytes of media at an RTMP peer, by the growth of its recording, and at
    the SRT receiver; the earlier of the two is the first packet on the wire."""
    times = []
    for i in range(rounds):
        place = folder / f"cold{i}"
        place.mkdir()
        main, backup = peers.Nginx(place), peers.SrtReceiver(place)
        job = mainstay_job(place, clip, main.url(), backup.url(), 4)
        started = time.monotonic()
        child = subprocess.Popen(job, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peers.wait_for("the first packet", lambda backup=backup: backup.bytes() > 0, 10, 0.002)
        times.append(time.monotonic() - started)
        child.wait()
        main.end()
        backup.end()
    return times


def table(rows, cold, seconds, late):
    ratios = [m[0] / f[0] for f, m in rows]
    memory = [m[1] / f[1] for f, m in rows]

    def line(name, values, form):
        return f"| {name} | {form % min(values)} | {form % statistics.median(values)} | {form % max(values)} |"
    return "\n".join([
        "| figure | min | median | max |", "|---|---|---|---|",
        line("CPU ffmpeg (s)", [f[0] for f, _ in rows], "%.2f"),
        line("CPU Mainstay (s)", [m[0] for _, m in rows], "%.2f"),
        line("CPU ratio Mainstay/ffmpeg, pair by pair", ratios, "%.3f"),
        line("peak memory ffmpeg (MB)", [f[1] for f, _ in rows], "%.0f"),
        line("peak memory Mainstay (MB)", [m[1] for _, m in rows], "%.0f"),
        line("memory ratio Mainstay/ffmpeg, pair by pair", memory, "%.3f"),
        line("cold start to the first packet received (s)", cold, "%.2f"),
        "", f"{len(rows)} rounds of {seconds} s; Mainstay: {late}."])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", help="put the figures into this file, between the markers of on_air_bench")
    options = parser.parse_args()
    with peers.workspace() as folder:
        clip = peers.make_clip(folder / "clip.mp4", options.seconds + 2, "1920x1080", video="libx264 -preset veryfast -b:v 8M -g 60")
        rows, late = [], []
        for i in range(options.rounds):
            results = {}
            for who in (("ffmpeg", "mainstay") if i % 2 == 0 else ("mainstay", "ffmpeg")):
                place = folder / f"{who}{i}"
                place.mkdir()
                cpu, rss, frames, report = round_of(who, place, clip, options.seconds)
                results[who] = (cpu, rss)
                print(f"{who}: {cpu:.2f} s CPU, {rss:.0f} MB, frames received {frames}", flush=True)
                if report:
                    late.append(report["frames"])
                    print(f"  {report['frames']} {report['encoders'][0]}", flush=True)
            rows.append((results["ffmpeg"], results["mainstay"]))
        cold = cold_start(folder, clip, max(3, options.rounds))
        worst = max(late, key=lambda f: f["late"] + f["repeated"])
        text = table(rows, cold, options.seconds,
                     f"{worst['rendered']} frames, at worst {worst['late']} late and {worst['repeated']} repeated")
    bench_text.publish("on_air_bench", text, options.write)


if __name__ == "__main__":
    main()

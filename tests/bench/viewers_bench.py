#!/usr/bin/env python3
"""Viewers of the origin: players with blocking reload and parts, all in one process beside a channel that encodes.

tests/bench/viewers_bench.py [--viewers 100,500,1000] [--seconds 60] [--kbps 1000] [--write docs/benchmarks.md]

How long after a part was made (the packager says so in its log) each viewer had the last byte of it; frames that came
late meanwhile; what a viewer costs in memory. Then plain segments of four rungs, from memory and from the disk of a DVR
window, fetched by --loaders connections as fast as they come, beside nginx with the same files. The load takes its share
of the same cores.
"""
import argparse
import json
import pathlib
import re
import resource
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
import bench_text  # noqa: E402
import peers  # noqa: E402

LOAD = str(peers.BUILD / "bin" / "bench_viewers_load")
THERE = re.compile(r"(\S+) is there at (\d+) ns")
WARM_S = 16  # until the window is full: what memory grows by then is no viewer's


def document(folder, hls_port, kbps, rungs=1, **hls):
    # Noise: pictures that need all of the bit rate.
    clip = peers.make_clip(folder / "clip.mp4", 20, video="libx264 -preset ultrafast -g 30 -b:v 4M",
                           extra=("-vf", "noise=alls=60:allf=t"))
    show = peers.show(clip, {})
    show["encode"]["video"] = [{"name": f"v{i}", "height": 360 - 60 * i, "kbps": kbps // (i + 1), "preset": "ultrafast",
                                "keyint_s": 1} for i in range(rungs)]
    show["hls"] = {"listen": f"127.0.0.1:{hls_port}", "segment_s": 2, "part_ms": 333, "window_s": 12,
                   "max_connections": 65536, "max_requests_per_s": 0, **hls}
    return show


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()
    except OSError:
        return None


def used(mainstay):
    """(CPU seconds, resident KiB) of the process so far."""
    pid = mainstay.process.child.pid
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return (int(fields[11]) + int(fields[12])) / 100, int(status.split("VmRSS:")[1].split()[0])


def on_air(folder, port, show):
    mainstay = peers.Mainstay(folder, show, ["--log-level", "debug"])
    peers.wait_for("the stream", lambda: fetch(f"http://127.0.0.1:{port}/live/v0/index.m3u8"), 40)
    return mainstay


def load(*arguments, seconds):
    """What the load saw, and its share of a core."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seen = json.loads(peers.must([LOAD, *arguments], seconds + 60))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**seen, "load_cpu": cpu / seconds * 100}


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def low_latency(folder, viewers, options):
    folder.mkdir()
    port = peers.free_port()
    mainstay = on_air(folder, port, document(folder, port, options.kbps))
    try:
        time.sleep(WARM_S)
        before = used(mainstay)
        most = []

        def look():
            while not done.wait(1):
                most.append(used(mainstay)[1])
        done = threading.Event()
        watch = threading.Thread(target=look)
        watch.start()
        try:
            seen = load(port, "/live/v0/index.m3u8", viewers, options.seconds, seconds=options.seconds)
        finally:
            done.set()
            watch.join()
        after = used(mainstay)
    finally:
        mainstay.stop()
    there = {part: int(at) for part, at in THERE.findall(mainstay.log())}
    late = {part: [(at - there["v0/" + part]) / 1e6 for at in times] for part, times in seen.pop("had").items()}
    every = [ms for times in late.values() for ms in times]
    seen["ms"] = {name: quantile(every, share) for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1))}
    return {**seen, "frames": mainstay.report()["frames"], "cpu": (after[0] - before[0]) / options.seconds * 100,
            "kib": max(0.0, max(most) - before[1]) / viewers}


class Nginx:
    """Plain nginx with the stream's files, as a server of files is set up."""

    def __init__(self, folder, files):
        self.port = peers.free_port()
        (folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; open_file_cache max=1000;
              client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
              uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
              server {{ listen 127.0.0.1:{self.port}; root {files}; }} }}
            """)
        self.process = peers.Process(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], folder, "nginx")
        peers.wait_for("nginx to listen", lambda: peers.can_connect(self.port))


def segments(port, rungs, without_newest):
    """Paths of all that the playlists list, as far as they are segments."""
    paths = []
    for rung in range(rungs):
        text = (fetch(f"http://127.0.0.1:{port}/live/v{rung}/index.m3u8") or b"").decode()
        names = [f"/live/v{rung}/{line}" for line in text.splitlines() if line and not line.startswith("#")]
        paths += names[:len(names) - without_newest]
    return paths


def plain(folder, options, wanted, **hls):
    """Segments a second of a window of four rungs: (figures of ours, of nginx, bytes a segment)."""
    folder.mkdir()
    folder.chmod(0o755)
    port = peers.free_port()
    mainstay = on_air(folder, port, document(folder, port, options.kbps, 4, **hls))
    nginx = None
    try:
        memory = 10 if "dvr_s" in hls else 0  # what is older than these comes from disk
        peers.wait_for("a window of segments", lambda: len(segments(port, 4, memory)) >= wanted, 300)
        files = folder / "files"
        for rung in range(4):
            (files / "live" / f"v{rung}").mkdir(parents=True)
        nginx = Nginx(folder, files)
        figures = []
        for at in (port, nginx.port) * 3:  # in turns: the machine has moods
            if at == port:  # what the window lists now, and for long enough
                names = segments(port, 4, memory)
                names = [name for name in names if (files / name[1:]).exists() or
                         (files / name[1:]).write_bytes(fetch(f"http://127.0.0.1:{port}{name}") or b"")]
                (folder / "list").write_text("".join(name + "\n" for name in names))
            seen = load(at, folder / "list", options.loaders, options.plain_seconds, "plain", seconds=options.plain_seconds)
            print({key: value for key, value in seen.items() if key != "had"}, flush=True)
            assert not seen["refused"] and not seen["lost"], seen["first_refusal"]
            figures.append(seen)
    finally:
        if nginx:
            nginx.process.end()
        mainstay.stop()
    return [f["per_second"] for f in figures[0::2]], [f["per_second"] for f in figures[1::2]], \
        figures[0]["bytes"] / max(1, figures[0]["parts"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", default="100,500,1000")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--kbps", type=int, default=1000)
    parser.add_argument("--loaders", type=int, default=32)
    parser.add_argument("--plain-seconds", type=int, default=10)
    parser.add_argument("--only", choices=("viewers", "plain"))
    parser.add_argument("--write", help="put the figures into this file, between the markers of viewers_bench")
    options = parser.parse_args()
    lines = []
    with peers.workspace() as folder:
        if options.only != "plain":
            lines += ["| viewers | parts a second | part made to last byte, p50 / p99 / max (ms) | refused, lost, missed | "
                      "late frames | CPU of Mainstay | of the load | memory a viewer |", "|---|---|---|---|---|---|---|---|"]
            for viewers in map(int, options.viewers.split(",")):
                seen = low_latency(folder / f"v{viewers}", viewers, options)
                print(seen, flush=True)
                ms = seen["ms"]
                lines.append(f"| {viewers} | {seen['per_second']:.0f} | {ms['p50']:.1f} / {ms['p99']:.1f} / {ms['max']:.0f} | "
                             f"{seen['refused']}, {seen['lost']}, {seen['missed']} | {seen['frames']['late']} | "
                             f"{seen['cpu']:.0f} % | {seen['load_cpu']:.0f} % | {seen['kib']:.0f} KiB |")
        if options.only != "viewers":
            lines += ["", "| plain segments a second | Mainstay, best (all) | nginx, best (all) | ratio |", "|---|---|---|---|"]
            for name, wanted, hls in (("a window in memory", 20, {}),
                                      ("a DVR window on disk", 120, {"dvr_s": 600, "store": "kept"})):
                ours, theirs, size = plain(folder / name.replace(" ", "_"), options, wanted, **hls)

                def row(figures):
                    return f"{max(figures):.0f} ({', '.join(f'{f:.0f}' for f in figures)})"
                lines.append(f"| {name}, {wanted} or more of {size / 1000:.0f} kB | {row(ours)} | {row(theirs)} | "
                             f"{max(ours) / max(theirs):.2f} |")
            lines += ["", f"{options.loaders} connections, as many threads and nginx workers as cores, Mainstay encoding four rungs all the while."]
    bench_text.publish("viewers_bench", "\n".join(lines), options.write)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Viewers of the origin: players with blocking reload and parts, all in one process beside a channel that encodes.

tests/bench/viewers_bench.py [--viewers 250,500,1000] [--seconds 60] [--kbps 1000] [--write docs/benchmarks.md]

How long after the first of them knew of a part each had it whole; frames that came late meanwhile; what a viewer costs
in memory. Then plain segments of a window, fetched by --loaders connections as fast as they come, beside nginx with the
same files. The load takes its share of the same cores.
"""
import argparse
import json
import pathlib
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
import bench_text  # noqa: E402
import peers  # noqa: E402

LOAD = str(peers.BUILD / "bin" / "bench_viewers_load")


def document(hls_port, kbps, rungs=1):
    show = peers.show({"type": "bars", "tone_hz": 440}, {}, width=640, height=360)
    show["encode"]["video"] = [{"name": f"v{i}", "height": 360 - 60 * i, "kbps": kbps // (i + 1), "preset": "ultrafast",
                                "keyint_s": 1} for i in range(rungs)]
    show["hls"] = {"listen": f"127.0.0.1:{hls_port}", "segment_s": 2, "part_ms": 333, "window_s": 30,
                   "max_connections": 65536, "max_requests_per_s": 0}
    return show


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()
    except OSError:
        return None


def used(mainstay):
    """(CPU seconds, resident MB) of the process so far."""
    pid = mainstay.process.child.pid
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return (int(fields[11]) + int(fields[12])) / 100, int(status.split("VmRSS:")[1].split()[0]) / 1024


def on_air(folder, port, show):
    mainstay = peers.Mainstay(folder, show)
    peers.wait_for("the stream", lambda: fetch(f"http://127.0.0.1:{port}/live/v0/index.m3u8"), 40)
    return mainstay


def low_latency(folder, viewers, options):
    folder.mkdir()
    port = peers.free_port()
    mainstay = on_air(folder, port, document(port, options.kbps))
    try:
        before = used(mainstay)
        seen = json.loads(peers.must([LOAD, port, "/live/v0/index.m3u8", viewers, options.seconds], options.seconds + 60))
        after = used(mainstay)
    finally:
        mainstay.stop()
    return {**seen, "frames": mainstay.report()["frames"], "cpu": (after[0] - before[0]) / options.seconds * 100,
            "kib": max(0.0, after[1] - before[1]) * 1024 / viewers}


class Nginx:
    """Plain nginx with the stream's files, as a server of files is set up."""

    def __init__(self, folder, files):
        self.port = peers.free_port()
        (folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; open_file_cache max=1000;
              client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
              uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
              server {{ listen 127.0.0.1:{self.port}; root {files}; }} }}
            """)
        self.process = peers.Process(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], folder, "nginx")
        peers.wait_for("nginx to listen", lambda: peers.can_connect(self.port))


def plain(folder, options):
    """Segments a second of a window of four rungs: (ours, nginx)."""
    folder.mkdir()
    folder.chmod(0o755)
    port = peers.free_port()
    mainstay = on_air(folder, port, document(port, options.kbps, 4))
    nginx = None
    try:
        files = folder / "files"
        (files / "live" / "v0").mkdir(parents=True)
        base = f"http://127.0.0.1:{port}"

        def window():
            text = fetch(f"{base}/live/v0/index.m3u8").decode()
            return text if sum(not line.startswith("#") for line in text.splitlines() if line) >= 12 else None
        text = peers.wait_for("a window of segments", window, 60)
        (files / "live" / "v0" / "index.m3u8").write_text(text)
        for name in [line for line in text.splitlines() if line and not line.startswith("#")]:
            (files / "live" / "v0" / name).write_bytes(fetch(f"{base}/live/v0/{name}"))
        nginx = Nginx(folder, files)
        figures = []
        for at in (port, nginx.port, port, nginx.port):  # in turns: the machine has moods
            seen = json.loads(peers.must([LOAD, at, "/live/v0/index.m3u8", options.loaders, 10, "plain"], 60))
            figures.append(seen)
    finally:
        if nginx:
            nginx.process.end()
        mainstay.stop()
    return figures[0::2], figures[1::2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", default="250,500,1000")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--kbps", type=int, default=1000)
    parser.add_argument("--loaders", type=int, default=32)
    parser.add_argument("--write", help="put the figures into this file, between the markers of viewers_bench")
    options = parser.parse_args()
    lines = ["| viewers | parts a second | part release p50 / p99 / max (ms) | refused, lost | late frames | CPU of Mainstay | memory a viewer |",
             "|---|---|---|---|---|---|---|"]
    with peers.workspace() as folder:
        for viewers in map(int, options.viewers.split(",")):
            seen = low_latency(folder / f"v{viewers}", viewers, options)
            print(seen, flush=True)
            ms = seen["ms"]
            lines.append(f"| {viewers} | {seen['per_second']:.0f} | {ms['p50']:.1f} / {ms['p99']:.1f} / {ms['max']:.0f} | "
                         f"{seen['refused']}, {seen['lost']} | {seen['frames']['late']} | {seen['cpu']:.0f} % | {seen['kib']:.0f} KiB |")
        ours, theirs = plain(folder / "plain", options)
    best = [max(f["per_second"] for f in figures) for figures in (ours, theirs)]
    lines += ["", f"Plain segments, {options.loaders} connections: {best[0]:.0f} a second from Mainstay while it encodes four rungs, "
              f"{best[1]:.0f} from nginx beside it with the same files ({best[0] / best[1]:.2f}×)."]
    bench_text.publish("viewers_bench", "\n".join(lines), options.write)


if __name__ == "__main__":
    main()

"""Real peers and helpers for the integration tests: nginx-rtmp, srt-live-transmit, ffmpeg, ffprobe, and Mainstay itself.

Everything is started on free loopback ports, in a folder of its own, and ended by pid. Nothing here waits for a fixed
time: wait_for() looks at a condition until a deadline.
"""
import contextlib
import datetime
import itertools
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("MAINSTAY_BUILD_DIR", "build/release")).resolve()
MAINSTAY = str(BUILD / "bin" / "mainstay")
# How much longer than usual the machine may take for the same (builds with a sanitizer).
TIME_SCALE = float(os.environ.get("MAINSTAY_TIME_SCALE", "1"))
SANITIZER_REPORT = re.compile(r"SUMMARY: \w+Sanitizer|(ERROR|WARNING): \w+Sanitizer|: runtime error: ")
NGINX_RTMP = "/usr/lib/nginx/modules/ngx_rtmp_module.so"


# None that the system gives to sockets which ask for any (from 32768 on), none that was given before, and another process
# begins elsewhere: the port is free still when the peer that it is for has come up.
_PORTS = itertools.count(os.getpid() * 97)


def free_port(kind=socket.SOCK_STREAM):
    for number in _PORTS:
        port = 12000 + number % 20000
        with socket.socket(socket.AF_INET, kind) as s:
            if kind == socket.SOCK_STREAM:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def free_udp_port():
    return free_port(socket.SOCK_DGRAM)


def wait_for(what, condition, seconds=15, step=0.05):
    """The condition's first true value; fails the test, naming `what`, when it does not come in time."""
    deadline = time.monotonic() + seconds * TIME_SCALE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        select.select([], [], [], step)


class Process:
    """A child process with its output in a file; ended by pid."""

    def __init__(self, arguments, folder, name, stdout=None, env=None):
        self.log_path = pathlib.Path(folder) / f"{name}.log"
        self._log = open(self.log_path, "ab")
        self.child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=stdout or self._log, stderr=self._log,
                                      cwd=folder, env={**os.environ, **(env or {})})

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.child.send_signal(number)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        self.child.kill()
        self.child.wait()
        self._log.close()

    def running(self):
        return self.child.poll() is None

    def end(self, seconds=10):
        """SIGTERM, then SIGKILL; returns the exit code."""
        if self.running():
            self.thaw()
            self.child.terminate()
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self._log.close()
        return self.child.returncode


class Nginx:
    """nginx with its RTMP module: an ingest that records each connection as an FLV file. `key` is the only stream name
    it takes; None takes any."""

    def __init__(self, folder, name="nginx", key=None, port=None):
        self.folder = pathlib.Path(folder) / name
        (self.folder / "rec").mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o777)
        (self.folder / "rec").chmod(0o777)
        self.port = port or free_port()
        auth_port = free_port()
        publish = f"on_publish http://127.0.0.1:{auth_port}/auth; notify_method get;" if key else ""
        (self.folder / "nginx.conf").write_text(f"""
            load_module {NGINX_RTMP};
            daemon off; master_process off; user root; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log info;
            events {{ worker_connections 64; }}
            http {{
              access_log off;
              client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2; fastcgi_temp_path {self.folder}/t3;
              uwsgi_temp_path {self.folder}/t4; scgi_temp_path {self.folder}/t5;
              server {{ listen 127.0.0.1:{auth_port};
                location /auth {{ if ($arg_name = "{key}") {{ return 200; }} return 403; }} }}
            }}
            rtmp {{ server {{ listen 127.0.0.1:{self.port}; chunk_size 4096;
              application live {{ live on; {publish} record all; record_path {self.folder}/rec; record_unique on; }} }} }}
            """)
        self.process = None
        self.start()

    def start(self):
        self.process = Process(["nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)], self.folder, "nginx")
        wait_for("nginx to listen", lambda: can_connect(self.port) or not self.process.running())
        if not self.process.running():
            raise AssertionError("nginx did not start: " + self.process.log())

    def url(self):
        return f"rtmp://127.0.0.1:{self.port}/live"

    def recordings(self):
        """Oldest first: the names hold the time."""
        return sorted((self.folder / "rec").glob("*.flv"))

    def kill(self):
        self.process.kill()

    def end(self):
        self.process.end()


def can_connect(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


def udp_bound(port):
    """Whether some process holds the port; asking it would count as a connection."""
    lines = pathlib.Path("/proc/net/udp").read_text().splitlines()[1:]
    return any(int(line.split()[1].split(":")[1], 16) == port for line in lines)


class SrtReceiver:
    """srt-live-transmit as a listener that writes what it gets into a TS file."""

    def __init__(self, folder, name="srt", port=None, passphrase=None, latency_ms=120):
        self.folder = pathlib.Path(folder)
        self.name = name
        self.port = port or free_udp_port()
        query = f"mode=listener&latency={latency_ms}"
        if passphrase:
            query += f"&passphrase={passphrase}&enforcedencryption=1"
        self.source = f"srt://127.0.0.1:{self.port}?{query}"
        self.path = self.folder / f"{name}.ts"
        self.start()

    def start(self):
        """Returns once it listens."""
        self.out = open(self.path, "ab")
        self.process = Process(["srt-live-transmit", "-loglevel:error", self.source, "file://con"], self.folder, self.name,
                               stdout=self.out)
        wait_for("srt-live-transmit to listen", lambda: udp_bound(self.port) or not self.process.running(), step=0.01)
        if not self.process.running():
            raise AssertionError("srt-live-transmit did not start: " + self.process.log())

    def url(self):
        return f"srt://127.0.0.1:{self.port}"

    def bytes(self):
        return self.path.stat().st_size

    def kill(self):
        self.process.kill()
        self.out.close()

    def end(self):
        """Lets it write what it has received: on a signal it ends at once, and on a busy machine it may be behind."""
        if self.process.running():
            seen = [self.bytes(), time.monotonic()]

            def quiet():
                if self.bytes() != seen[0]:
                    seen[:] = self.bytes(), time.monotonic()
                return time.monotonic() - seen[1] > 0.5 * TIME_SCALE
            wait_for("the SRT receiver to have written all", quiet)
        self.process.end()
        self.out.close()


class Mainstay:
    """`mainstay run SHOW` with a report."""

    def __init__(self, folder, show, arguments=(), name="mainstay", env=None):
        self.folder = pathlib.Path(folder)
        self.show_path = self.folder / f"{name}.json"
        self.report_path = self.folder / f"{name}.report.json"
        self.show_path.write_text(json.dumps(show, indent=1))
        self.started = time.monotonic()
        self.process = Process([MAINSTAY, "run", str(self.show_path), "--report", str(self.report_path), *arguments],
                               folder, name, env=env)

    def wait(self, seconds):
        """The exit code, once it ends by itself."""
        try:
            return self.process.child.wait(seconds * TIME_SCALE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"mainstay did not end within {seconds} s:\n{self.log()}") from None

    def stop(self):
        return self.process.end(6 * TIME_SCALE)

    def log(self):
        return self.process.log()

    def leg_states(self, leg):
        """What the log tells of a leg's states, oldest first: [(when, state, announced wait or None)], in seconds of
        time.time()."""
        found = []
        for line in self.log().splitlines():
            told = re.match(r"(\S+ \S+) . leg (\S+): (\w+)(?:.*; next try in ([\d.]+) s$)?", line)
            if told and told[2] == leg:
                when = datetime.datetime.strptime(told[1], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=datetime.timezone.utc)
                found.append((when.timestamp(), told[3], float(told[4]) if told[4] else None))
        return found

    def report(self):
        return json.loads(self.report_path.read_text())

    def says(self, text, seconds=15):
        wait_for(f"mainstay to say '{text}'", lambda: text in self.log() or not self.process.running(), seconds)
        assert text in self.log(), f"mainstay ended without saying '{text}':\n{self.log()}"


def assert_no_sanitizer_report(what, text):
    assert not SANITIZER_REPORT.search(text), f"a sanitizer's report in {what}:\n{text[-20000:]}"


def run(arguments, seconds=60, **options):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=seconds * TIME_SCALE,
                          check=False, stdin=subprocess.DEVNULL, **options)
    assert_no_sanitizer_report(arguments[0], done.stderr)
    return done


def must(arguments, seconds=120):
    done = run(arguments, seconds)
    assert done.returncode == 0, f"{' '.join(map(str, arguments))}\n{done.stderr}"
    return done.stdout


def make_clip(path, seconds=10, size="640x360", rate="30", video="libx264 -preset ultrafast -g 30", audio="aac -b:a 128k",
              extra=()):
    """A clip of a moving test picture and a tone, from ffmpeg."""
    must(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}",
          "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", str(seconds),
          "-c:v", *video.split(), "-pix_fmt", "yuv420p", "-c:a", *audio.split(), *extra, str(path)])
    return path


def npm_peer(source, place):
    """The packages of a folder, exactly as locked, once for each lock file; with its scripts beside them."""
    place.mkdir(parents=True, exist_ok=True)
    stamp = place / "installed.lock"
    lock = (source / "package-lock.json").read_text()
    for script in source.glob("*.mjs"):
        shutil.copy(script, place)
    if stamp.exists() and stamp.read_text() == lock:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, place)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, check=True,
                   stdout=subprocess.DEVNULL, timeout=180)
    stamp.write_text(lock)


def packets(path, stream="v"):
    """ffprobe's packets of one kind: a list of {pts, dts (seconds), key}."""
    out = json.loads(must(["ffprobe", "-v", "error", "-select_streams", f"{stream}:0", "-show_packets", "-show_entries",
                           "packet=pts_time,dts_time,flags", "-of", "json", str(path)]))
    return [{"pts": float(p["pts_time"]), "dts": float(p["dts_time"]), "key": "K" in p["flags"]} for p in out["packets"]]


def frame_hashes(path):
    """{pts in ms, rounded: hash of the decoded picture} of every video frame."""
    out = must(["ffmpeg", "-v", "error", "-copyts", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough",
                "-enc_time_base", "1:90000", "-f", "framemd5", "-"])
    base = 1 / 90000
    frames = {}
    for line in out.splitlines():
        if line.startswith("#tb 0:"):
            num, den = line.split(":")[1].strip().split("/")
            base = int(num) / int(den)
        elif line and not line.startswith("#"):
            fields = [field.strip() for field in line.split(",")]
            frames[round(int(fields[2]) * base * 1000)] = fields[5]
    return frames


def assert_on_time(case, report):
    """No frame repeated, and hardly one late: how busy the machine is that runs the tests is not the product's doing,
    and a program that a sanitizer slows down tells nothing about it. tests/bench/on_air_bench.py shows the figure on a
    quiet one."""
    frames = report["frames"]
    case.assertEqual(frames["repeated"], 0)
    if TIME_SCALE == 1:
        case.assertLessEqual(frames["late"], max(3, frames["rendered"] // 50), frames)


def shifted(frames, to):
    """`frames` ({ms: hash}) on the timeline of `to`, found by the first picture: nginx-rtmp starts each recording at 0.
    Rounding to ms may differ by one; the nearest time of `to` is taken."""
    first = min(frames)
    starts = [t for t in to if to[t] == frames[first]]
    assert starts, "the first picture is not among the others"
    out = {}
    for t, digest in frames.items():
        wanted = t - first + min(starts)
        near = [w for w in (wanted, wanted - 1, wanted + 1) if w in to]
        out[near[0] if near else wanted] = digest
    return out


def show(source, destinations, width=640, height=360, rate="30/1", kbps=1500, keyint_s=1, **more):
    """A show with one file source (a path or a whole source object) and the given destinations."""
    document = {
        "mainstay": 1, "name": "Test", "program": {"width": width, "height": height, "rate": rate},
        "sources": {"clip": source if isinstance(source, dict) else {"type": "file", "path": str(source), "loop": True}},
        "encode": {"video": [{"name": "v0", "kbps": kbps, "keyint_s": keyint_s, "preset": "ultrafast"}],
                   "audio": [{"name": "a0", "kbps": 128}]},
        "destinations": destinations,
    }
    document.update(more)
    return document


@contextlib.contextmanager
def workspace():
    """A folder for one test; kept when the test fails and KEEP is set."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mainstay-test-"))
    folder.chmod(0o755)
    try:
        yield folder
        for log in sorted(folder.rglob("*.log")):
            assert_no_sanitizer_report(log.name, log.read_text(errors="replace"))
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"kept {folder}", file=sys.stderr)

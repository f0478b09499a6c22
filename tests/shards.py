#!/usr/bin/env python3
"""Runs a test program (GoogleTest) as several processes at once, each with its share of the tests.

Usage: tests/shards.py COUNT PROGRAM [ARGUMENT…]
For programs that wait for peers most of the time. What each says comes out in one piece when it ends; the exit code is the
first that is not 0, so that a sanitizer's is seen.
"""
import os
import signal
import subprocess
import sys
import tempfile


def main():
    count, command = int(sys.argv[1]), sys.argv[2:]
    shards = []
    for index in range(count):
        out = tempfile.TemporaryFile()
        environment = dict(os.environ, GTEST_TOTAL_SHARDS=str(count), GTEST_SHARD_INDEX=str(index))
        shards.append((subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment), out))

    def end(number, _):
        for process, _ in shards:
            if process.poll() is None:
                process.send_signal(number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worst = 0
    for process, out in shards:
        code = process.wait()
        out.seek(0)
        sys.stdout.buffer.write(out.read())
        sys.stdout.flush()
        if code != 0:
            print(f"shards: {' '.join(command)} ended with {code}", flush=True)
            worst = worst or (code if code > 0 else 1)
    sys.exit(worst)


if __name__ == "__main__":
    main()

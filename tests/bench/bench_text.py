"""What the benchmarks share: the machine's description, and where figures go."""
import os
import pathlib
import platform
import re
import subprocess


def machine():
    cpu = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout
    return (f"{os.cpu_count()} cores of {cpu.group(1).strip() if cpu else platform.machine()}, "
            f"{int(memory.group(1)) / 1e6:.0f} GB, no GPU, Linux {platform.release()}, "
            f"{version.splitlines()[0].split(' Copyright')[0]}")


def publish(name, text, path=None):
    """Prints the figures; with a path also puts them into that file, between the markers of that name."""
    print(machine())
    print(text)
    if not path:
        return
    file = pathlib.Path(path)
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, rest = file.read_text().split(begin)
    file.write_text(f"{head}{begin}\n{machine()}\n\n{text}\n{end}{rest.split(end)[1]}")

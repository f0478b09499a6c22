#!/usr/bin/env python3
"""Checks the rules of docs/architecture.md that plain text can show; exit 1 with one line a breach."""
import pathlib
import re
import sys

FLOORS = [
    ["core", "media"], ["ffi"], ["show"], ["sources", "compose", "audio", "encode"],
    ["program", "deliver", "package", "playout"], ["monitor"], ["studio"], ["remote"],
]
FLOOR = {folder: number for number, floor in enumerate(FLOORS) for folder in floor}
UI_MAY_INCLUDE = {"studio", "core", "media", "show"}  # studio's interface is spoken in plain values
LIBRARIES = re.compile(
    r'#\s*include\s*[<"](lib(av|sw)[a-z]+/|srt/|librtmp/|gnutls/|portaudio|libyuv|ebur128|sqlite3|pango/|cairo|librsvg/|prometheus/|glib|curl/|zlib)')
SLEEP = re.compile(r"\b(usleep|nanosleep|sleep_for|sleep_until)\b|_clock::now\(|\bclock_gettime\(|\bgettimeofday\(")
INCLUDE = re.compile(r'^\s*#\s*include\s*"(engine/([a-z_]+)|ui|app)/', re.M)
QT = re.compile(r"#\s*include\s*<Q[A-Za-z]")


def sources(root, folder):
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in (".h", ".cpp"):
            yield path


def breaches(root):
    for path in sources(root, "engine"):
        name = path.relative_to(root)
        folder = name.parts[1]
        text = path.read_text()
        if folder not in FLOOR:
            yield f"{name}: engine/{folder} stands on no floor"
            continue
        if QT.search(text):
            yield f"{name}: includes Qt"
        if folder != "ffi" and LIBRARIES.search(text):
            yield f"{name}: includes a library header that belongs in engine/ffi"
        if folder != "core" and SLEEP.search(text):
            yield f"{name}: sleeps or reads a clock; use the injected Clock"
        for match in INCLUDE.finditer(text):
            other = match.group(2)
            if other is None:
                yield f"{name}: includes {match.group(1)}, which stands above"
            elif other != folder and FLOOR.get(other, 99) >= FLOOR[folder] and not (folder == "media" and other == "core"):
                yield f"{name}: includes engine/{other}, which does not stand below engine/{folder}"
    for path in list(sources(root, "ui")) + list(sources(root, "app")):
        name = path.relative_to(root)
        text = path.read_text()
        if LIBRARIES.search(text):
            yield f"{name}: includes a library header that belongs in engine/ffi"
        if SLEEP.search(text):
            yield f"{name}: sleeps or reads a clock; use the injected Clock"
        for match in INCLUDE.finditer(text):
            if name.parts[0] == "ui" and (match.group(2) or match.group(1)) not in UI_MAY_INCLUDE | {"ui"}:
                yield f"{name}: the window talks to engine/studio only, not {match.group(1)}"
    for folder in ("engine", "ui", "app"):
        for path in sources(root, folder):
            if "::instance()" in path.read_text().replace("QCoreApplication::instance()", ""):
                yield f"{path.relative_to(root)}: a singleton"
    for path in sources(root, "tests"):
        if re.search(r"\b(usleep|nanosleep|sleep_for|sleep_until)\b", path.read_text()):
            yield f"{path.relative_to(root)}: sleeps; use a ManualClock or a condition"


def main():
    found = list(breaches(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "the floors hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

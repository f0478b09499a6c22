#!/usr/bin/env python3
"""Each header of the engine compiles alone: headers_alone.py ROOT COMPILE_COMMANDS STAMPS; exit 1 with what does not.

Most headers are shown to by what the build compiled already, which takes no time here. Where foo.cpp includes foo.h
first, its compilation has shown that foo.h brings along all it needs, but for what the precompiled headers hold: names
of the standard library, {fmt} and nlohmann. Those are looked up in the text, each in the headers that foo.h includes,
directly or by way of others of ours. A header for which that is not shown is compiled, alone, unless nothing that it
is made of has changed since it was last."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.S)
STD_NAME = re.compile(r"\bstd::(?:chrono::)?(\w+)")
# What is C's, macros most of all, is not looked up: such a header is compiled.
OTHER_NAMES = re.compile(r"(?<!std::)\b(?:u?int(?:8|16|32|64|ptr|max)_t|ptrdiff_t|size_t|assert|offsetof|errno|"
                         r"U?INT(?:8|16|32|64|MAX|PTR)_\w+|mem(?:cpy|set|cmp|move)|str(?:len|cmp|ncmp)|f?printf)\b")

# A name, and the headers each of which declares it.
CONTAINERS = {"array", "vector", "deque", "list", "map", "set", "string", "string_view", "span", "optional", "variant",
              "memory", "functional", "utility", "tuple", "algorithm", "unordered_map"}
FIXED = {name: {"cstdint"} for name in
         "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t".split()}
DECLARED = FIXED | {
    "string": {"string"}, "to_string": {"string"}, "string_view": {"string_view", "string"}, "vector": {"vector"},
    "deque": {"deque"}, "list": {"list"}, "map": {"map"}, "multimap": {"map"}, "set": {"set"}, "array": {"array"},
    "span": {"span"}, "optional": {"optional"}, "nullopt": {"optional"}, "nullopt_t": {"optional"},
    "variant": {"variant"}, "get_if": {"variant"}, "visit": {"variant"}, "holds_alternative": {"variant"},
    "monostate": {"variant"}, "shared_ptr": {"memory"}, "unique_ptr": {"memory"}, "weak_ptr": {"memory"},
    "make_shared": {"memory"}, "make_unique": {"memory"}, "enable_shared_from_this": {"memory"},
    "function": {"functional"}, "less": {"functional", "map", "set"}, "mt19937_64": {"random"},
    "decay_t": {"type_traits"}, "enable_if_t": {"type_traits"}, "is_same_v": {"type_traits"}, "mutex": {"mutex"}, "lock_guard": {"mutex"}, "unique_lock": {"mutex"},
    "condition_variable_any": {"condition_variable"}, "condition_variable": {"condition_variable"},
    "stop_token": {"stop_token"}, "stop_source": {"stop_token"}, "jthread": {"thread"}, "atomic": {"atomic"},
    "memory_order_relaxed": {"atomic"}, "memory_order_acquire": {"atomic"}, "memory_order_release": {"atomic"},
    "max": {"algorithm"}, "min": {"algorithm"}, "clamp": {"algorithm"}, "copy_n": {"algorithm"},
    "numeric_limits": {"limits"}, "gcd": {"numeric"}, "pow": {"cmath"}, "exp": {"cmath"}, "log10": {"cmath"},
    "chrono": {"chrono"}, "nanoseconds": {"chrono"}, "milliseconds": {"chrono"}, "seconds": {"chrono"},
    "move": CONTAINERS, "forward": CONTAINERS, "exchange": {"utility"}, "pair": CONTAINERS,
    "size_t": CONTAINERS | {"cstddef", "cstdint"}, "ptrdiff_t": CONTAINERS | {"cstddef"},
}
PARTS = {"nlohmann::": ("nlohmann/json.hpp", "nlohmann/json_fwd.hpp"),
         "fmt::": ("fmt/format.h", "fmt/core.h", "fmt/ranges.h")}


class Headers:
    def __init__(self, root):
        self.root = root
        self.texts = {}
        self.known = {}

    def text(self, name):
        if name not in self.texts:
            self.texts[name] = (self.root / name).read_text()
        return self.texts[name]

    def all_of(self, name):
        """What a header includes: the names of others' headers, and of ours, itself first."""
        if name not in self.known:
            others, ours = set(), {name}
            self.known[name] = others, ours  # of a circle the rest is enough
            for bracket, included in INCLUDE.findall(self.text(name)):
                if bracket == "<" or not (self.root / included).exists():
                    others.add(included)
                else:
                    more = self.all_of(included)
                    others |= more[0]
                    ours |= more[1]
        return self.known[name]

    def is_shown(self, name):
        """Whether the build has shown that it compiles alone."""
        own = self.root / name.replace(".h", ".cpp")
        if not own.exists():
            return False
        first = INCLUDE.search(own.read_text())
        if not first or first[2] != name:
            return False
        code = COMMENT.sub("", INCLUDE.sub("", self.text(name)))
        others = self.all_of(name)[0]
        if OTHER_NAMES.search(code):
            return False
        if any(part in code and not others & set(brought) for part, brought in PARTS.items()):
            return False
        return all(others & DECLARED.get(found, set()) for found in STD_NAME.findall(code))

    def mark(self, name, flags):
        """Another one when anything of ours that it is made of is."""
        digest = hashlib.sha256(" ".join(flags).encode())
        for part in sorted(self.all_of(name)[1]):
            digest.update(f"{part}\0{self.text(part)}\0".encode())
        return digest.hexdigest()


def flags_of(commands):
    """How headers are compiled: as the one file of the target headers_alone."""
    entry = next(e for e in json.loads(commands.read_text()) if "headers_alone" in e["file"])
    flags, skip = [], False
    for word in shlex.split(entry["command"]):
        if skip or word in ("-o", "-MF", "-MT", "-MQ", "-c", "-MD") or word == entry["file"]:
            skip = word in ("-o", "-MF", "-MT", "-MQ")
            continue
        flags.append(word)
    while "ccache" in flags[0]:
        flags.pop(0)
    return flags


def compile_alone(root, name, flags):
    done = subprocess.run([*flags, "-fsyntax-only", "-x", "c++", "-"], input=f'#include "{name}"\n', cwd=root, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def main():
    root, commands, stamps = (pathlib.Path(argument) for argument in sys.argv[1:4])
    flags = flags_of(commands)
    headers = Headers(root)
    names = sorted(str(path.relative_to(root)) for path in (root / "engine").rglob("*.h"))
    left = [name for name in names if not headers.is_shown(name)]
    try:
        before = set(json.loads(stamps.read_text()))
    except (OSError, ValueError):
        before = set()
    marks = {name: headers.mark(name, flags) for name in left}
    due = [name for name in left if marks[name] not in before]
    good = {marks[name] for name in left if marks[name] in before}
    broken = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        for name, (code, said) in zip(due, workers.map(lambda name: compile_alone(root, name, flags), due)):
            if code == 0:
                good.add(marks[name])
                continue
            broken += 1
            print(f"{name} does not compile alone:\n{said}")
    stamps.write_text(json.dumps(sorted(good)))
    print(f"{len(names)} headers: {len(names) - len(left)} shown by the build, {len(due)} compiled, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

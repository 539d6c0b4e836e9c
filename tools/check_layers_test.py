#!/usr/bin/env python3
"""check_layers must find each kind of offence: a tree with one offence each is built and checked."""
import pathlib
import subprocess
import sys
import tempfile

CHECK = pathlib.Path(__file__).with_name("check_layers.py")
CASES = {
    "upward": ({"units/a.hpp": '#include "llm/b.hpp"\n', "llm/b.hpp": "\n"}, "must not see"),
    "neighbour": ({"llm/a.hpp": '#include "hardware/b.hpp"\n', "hardware/b.hpp": "\n"}, "must not see"),
    "cycle": ({"llm/a.hpp": '#include "llm/b.hpp"\n', "llm/b.hpp": '#include "llm/a.hpp"\n'}, "include cycle"),
    "io header": ({"estimate/a.cpp": "#include <fstream>\n"}, "do no I/O"),
    "io call": ({"estimate/a.cpp": "int f() { return std::getenv(\"X\") != nullptr; }\n"}, "do no I/O"),
    "unknown folder": ({"misc/a.cpp": "\n"}, "has no layer"),
    "stale drawing": ({"llm/a.hpp": "\n", "../ARCHITECTURE.md": "| layer | folder | holds |\n"}, "not as"),
    "in order": ({"llm/a.hpp": '#include "units/b.hpp"\n', "units/b.hpp": "\n"}, "in order"),
}


def run(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, "src", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


failed = 0
for name, (files, expected) in CASES.items():
    code, out = run(files)
    wanted = 0 if name == "in order" else 1
    if code != wanted or expected not in out:
        failed += 1
        print(f"{name}: exit {code}, printed {out!r}")
print(f"{len(CASES) - failed} of {len(CASES)} cases as expected")
sys.exit(1 if failed else 0)

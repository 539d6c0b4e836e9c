#!/usr/bin/env python3
"""Checks the house: a folder includes itself and lower layers only, no include cycles, no I/O in pure layers, and
ARCHITECTURE.md shows the layers as they are.

usage: tools/check_layers.py [ROOT]          exit 1 and one line per offence
       tools/check_layers.py --draw [ROOT]   the layer table as Markdown (ARCHITECTURE.md carries it)
"""
import pathlib
import re
import sys

LAYERS = {
    "base": 0, "units": 1, "hardware": 2, "llm": 2, "workload": 3, "catalog": 4, "estimate": 5,
    "check": 6, "cost": 6, "place": 6, "plan": 7, "evidence": 7, "emit": 7, "audit": 8,
    "report": 9, "adapters": 10, "apps": 11,
}
HOLDS = {
    "base": "Result, Error, Diagnostics, text", "units": "Quantity, money, parse and format",
    "hardware": "parts, host, rig, site, lanes of a board", "llm": "Architecture, tensors, Quantization, cache shapes, StoredModel",
    "workload": "Inference, FineTune, Engine, Placement, the table of settings",
    "catalog": "the index, entries made into typed values, schema, lint", "estimate": "formulas: one header per estimator",
    "check": "compatibility rules", "cost": "cash flows, returns, depreciation, market values, chance, plan files as structs", "place": "placements, remedies, solving",
    "plan": "purchases month by month", "evidence": "measured rows, published and own, what the estimate says of them, errors",
    "emit": "configuration files of other programs", "audit": "claims recomputed",
    "report": "answers as text and JSON", "adapters": "TOML, GGUF, safetensors, config.json, HTTP, files, logs of benchmarks, records of an open database of parts",
    "apps": "the command line: one file per verb, the only main",
}
PURE_BELOW = 10
IO_HEADERS = {
    "fstream", "iostream", "cstdio", "stdio.h", "filesystem", "thread", "mutex", "future", "chrono", "ctime", "time.h",
    "unistd.h", "fcntl.h", "dlfcn.h", "random", "curl/curl.h", "httplib.h", "toml++/toml.h", "nlohmann/json.hpp",
    "CLI/CLI.hpp",
}
IO_CALLS = re.compile(r"\b(?:std::)?(?:getenv|setenv|exit|system|popen|fopen|rand|srand|time)\s*\(")
# The only place a pure layer may talk to the world: a failed assertion prints itself and aborts.
EXCEPTIONS = {"base/result.cpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def sources(src):
    return sorted(p for p in src.rglob("*") if p.suffix in {".cpp", ".hpp"})


def is_test(path):
    return bool(re.search(r"_(test|bench|fuzz)\.cpp$", path.name))


def check_file(path, src, edges):
    name = path.relative_to(src).as_posix()
    folder = name.split("/")[0]
    if folder not in LAYERS:
        yield f"{name}: folder \"{folder}\" has no layer"
        return
    text = path.read_text(encoding="utf-8")
    for target in INCLUDE.findall(text):
        other = target.split("/")[0]
        if "/" in target and other in LAYERS and (src / target).exists():
            edges.setdefault(name, []).append(target)
            upward = LAYERS[other] > LAYERS[folder] or (LAYERS[other] == LAYERS[folder] and other != folder)
            if upward and not is_test(path):
                yield f"{name}: includes {target} (layer {LAYERS[folder]} must not see layer {LAYERS[other]})"
        elif target in IO_HEADERS or target.startswith("sys/"):
            if LAYERS[folder] < PURE_BELOW and name not in EXCEPTIONS and not is_test(path):
                yield f"{name}: includes <{target}>: layers below {PURE_BELOW} do no I/O"
    if LAYERS[folder] < PURE_BELOW and name not in EXCEPTIONS and not is_test(path):
        code = re.sub(r"//[^\n]*|\"(?:\\.|[^\"\\])*\"", "", text)
        for call in IO_CALLS.finditer(code):
            yield f"{name}: calls {call.group(0)}…): layers below {PURE_BELOW} do no I/O"


def cycles(edges):
    state = {}

    def visit(node, trail):
        state[node] = 1
        for after in edges.get(node, []):
            if state.get(after) == 1:
                yield "include cycle: " + " -> ".join([*trail, node, after])
            elif after not in state:
                yield from visit(after, [*trail, node])
        state[node] = 2

    for node in sorted(edges):
        if node not in state:
            yield from visit(node, [])


def drawing(src):
    rows = ["| layer | folder | holds |", "|---|---|---|"]
    for folder, layer in sorted(LAYERS.items(), key=lambda item: item[1]):
        if any(path.relative_to(src).parts[0] == folder for path in sources(src)):
            rows.append(f"| {layer} | `src/{folder}/` | {HOLDS[folder]} |")
    return "\n".join(rows)


def stale_drawing(src):
    page = src.parent / "ARCHITECTURE.md"
    if page.exists() and drawing(src) not in page.read_text(encoding="utf-8"):
        yield "ARCHITECTURE.md: the layer table is not as tools/check_layers.py --draw prints it"


def main(words):
    roots = [w for w in words if w != "--draw"]
    src = pathlib.Path(roots[0] if roots else ".") / "src"
    if "--draw" in words:
        print(drawing(src))
        return 0
    edges = {}
    offences = [offence for path in sources(src) for offence in check_file(path, src, edges)]
    offences += list(cycles(edges)) + list(stale_drawing(src))
    print("\n".join(offences) if offences else "layers: in order")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

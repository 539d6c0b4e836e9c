#!/usr/bin/env python3
"""golden.py must accept what is right and find each kind of difference: a small program stands in for rigor."""
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent
STAND_IN = """#!/bin/sh
case "$1" in
  cat) cat "$2" 2>/dev/null || { echo "cannot read $2" >&2; exit 2; } ;;
  say) printf "$2" ;;
  fail) echo "$HOME" >&2; exit 3 ;;
  --version) echo "rigor 4.5.6" ;;
esac
"""
# name: (transcript, wanted exit code, a text that must be shown)
CASES = {
    "as written": ("$ rigor say 'a\\nb\\n'\n> a\n> b\nexit 0\n", 0, ""),
    "empty lines": ("$ rigor say '\\na\\n\\n'\n>\n> a\n>\nexit 0\n", 0, ""),
    "a wrong line": ("$ rigor say 'a\\n'\n> b\nexit 0\n", 1, "+> a"),
    "a missing line": ("$ rigor say 'a\\n'\nexit 0\n", 1, "+> a"),
    "a wrong exit code": ("$ rigor fail\n! $TMP/home\nexit 0\n", 1, "+exit 3"),
    "error output": ("$ rigor fail\n! $TMP/home\nexit 3\n", 0, ""),
    "error output not expected": ("$ rigor fail\nexit 3\n", 1, "+! $TMP/home"),
    "any lines": ("$ rigor say 'a\\nb\\nc\\n'\n> …\n> c\nexit 0\n", 0, ""),
    "any lines, then another": ("$ rigor say 'a\\nb\\n'\n> …\n> c\nexit 0\n", 1, "+> b"),
    "any text": ("$ rigor say '12 entries, 3 errors\\n'\n> … entries, 3 errors\nexit 0\n", 0, ""),
    "any text, then another": ("$ rigor say '12 entries, 4 errors\\n'\n> … entries, 3 errors\nexit 0\n", 1, "+> 12"),
    "no newline at the end": ("$ rigor say a\n> a\nexit 0\n", 1, "+> (no newline"),
    "version": ("$ rigor --version\n> rigor $VERSION\nexit 0\n", 0, ""),
    "a file": ("# file x/y.toml\n| k = 1\n|\n| z\n$ rigor cat $TMP/x/y.toml\n> k = 1\n>\n> z\nexit 0\n", 0, ""),
    "an empty file": ("# file e\n$ rigor cat $TMP/e\nexit 0\n", 0, ""),
    "a directory": ("# directory d\n$ rigor cat $TMP/d\n! cannot read $TMP/d\nexit 2\n", 0, ""),
    "an unreadable file": ("# file u\n# unreadable u\n$ rigor cat $TMP/u\n! cannot read $TMP/u\nexit 2\n", (0, 77), ""),
    "a file of the repository": ("$ rigor cat .gitignore\n= .gitignore\nexit 0\n", 0, ""),
    "another file of the repository": ("$ rigor cat .gitignore\n= LICENSE\nexit 0\n", 1, "+build/"),
    "two commands": ("$ rigor say 'a\\n'\n> a\nexit 0\n\n# and\n$ rigor say 'b\\n'\n> c\nexit 0\n", 1, "+> b"),
    "another program": ("$ ls\nexit 0\n", 2, "only rigor can be run"),
    "no exit": ("$ rigor say x\n> x\n", 2, "no \"exit N\""),
    "no command": ("# nothing\n", 2, "no \"$ rigor\" line"),
    "a stray line": ("hello\n$ rigor say ''\nexit 0\n", 2, "a line starts with"),
    "output without a command": ("> a\n", 2, "without a command"),
    "lines of no file": ("| a\n", 2, "outside a"),
}
PAGES = {
    "page as written": ("text\n\n```console\n$ rigor say 'a\\n'\na\n$ rigor fail\n$TMP/home\nexit 3\n```\n", 0, ""),
    "page with a difference": ("```console\n$ rigor say 'a\\n'\nb\n```\nmore\n", 1, "+a"),
    "page with other blocks": ("```console\n$ ls\n```\n```console\n$ rigor say 'a\\n'\n…\n```\n", 0, ""),
}


def call(tool, folder, path, *words):
    done = subprocess.run([sys.executable, TOOLS / tool, "--rigor", folder / "rigor", *words, path], text=True,
                          capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def problems(folder, name, ending, case):
    text, wanted, shown = case
    path = folder / f"case{ending}"
    path.write_text(text, encoding="utf-8")
    code, out = call("golden.py", folder, path)
    if code not in (wanted if isinstance(wanted, tuple) else (wanted,)) or shown not in out:
        yield f"{name}: exit {code}, printed {out!r}"
    if code == 1 and "= LICENSE" not in text:
        if call("approve.py", folder, path)[0] != 1 or path.read_text(encoding="utf-8") != text:
            yield f"{name}: approve.py wrote without being asked"
        call("approve.py", folder, path, "--yes")
        if call("golden.py", folder, path)[0] != 0:
            yield f"{name}: approve.py did not make it right"


with tempfile.TemporaryDirectory() as temporary:
    base = pathlib.Path(temporary)
    base.chmod(0o755)
    (base / "rigor").write_text(STAND_IN)
    (base / "rigor").chmod(0o755)
    failed = [line for cases, ending in ((CASES, ".txt"), (PAGES, ".md")) for name, case in cases.items()
              for line in problems(base, name, ending, case)]
print("\n".join(failed) or f"{len(CASES) + len(PAGES)} cases as expected")
sys.exit(1 if failed else 0)

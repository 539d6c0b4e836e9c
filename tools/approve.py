#!/usr/bin/env python3
"""Rewrites transcripts to what rigor prints now, after showing the difference.

usage: tools/approve.py [--rigor PROGRAM] [--yes] [FILE…]

Without files: every transcript of tests/golden/ and the pages that carry some. Asks before each file at a terminal;
without a terminal nothing is written unless --yes is given. Lines that still hold stay as they were written, "…"
included. A file named by "= FILE" in a transcript is rewritten too.
"""
import subprocess
import sys

import golden

PAGES = ("README.md", "docs")


def all_transcripts():
    found = sorted((golden.ROOT / "tests" / "golden").glob("*.txt"))
    for page in PAGES:
        path = golden.ROOT / page
        found += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return [path for path in found if has_commands(path)]


def has_commands(path):
    wanted = "```console\n$ rigor " if path.suffix == ".md" else "\n$ rigor"
    return path.exists() and wanted in "\n" + path.read_text(encoding="utf-8")


def agreed(path, always):
    if always:
        return True
    if not sys.stdin.isatty():
        print(f"{path}: not written (give --yes)")
        return False
    return input(f"write {path}? [y/N] ").strip().lower() == "y"


def changes(path, program):
    """(path, text as it is, text as it should be) of the transcript and of every file it names."""
    transcript = golden.read(path)
    pairs = golden.perform(transcript, program)
    yield path, golden.render(transcript), golden.render(golden.renewed(transcript, pairs))
    yield from golden.referenced_differences(transcript, pairs)


def approve(path, program, always):
    """True when the file is now as rigor prints it."""
    done = True
    for name, before, after in changes(path, program):
        if before == after:
            continue
        print(golden.difference(name, before, after), end="")
        if agreed(name, always):
            name.parent.mkdir(parents=True, exist_ok=True)
            name.write_text(after, encoding="utf-8")
            print(f"{name}: written")
        else:
            done = False
    return done


def main():
    parser = golden.arguments(__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--yes", action="store_true", help="write without asking")
    options = parser.parse_args()
    failed = 0
    for path in options.files or all_transcripts():
        try:
            failed += not approve(path, options.rigor.resolve(), options.yes)
        except golden.Skip as reason:
            print(f"{path}: skipped: {reason}")
        except (golden.BadTranscript, OSError, ValueError, subprocess.TimeoutExpired) as problem:
            print(f"{path}: {problem}")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

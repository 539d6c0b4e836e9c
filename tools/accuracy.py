#!/usr/bin/env python3
"""Fills the tables of docs/accuracy.md from `rigor evidence score --json` on the files in evidence/.

usage: tools/accuracy.py [RIGOR]     RIGOR is the program, build/release/rigor by default

A table stands between `<!-- score FILE VIEW -->` and `<!-- end -->`; VIEW is all, metric, engine, family, device_id or
not_mapped. Everything else in the document is written by hand and kept.
"""
import json
import pathlib
import re
import subprocess
import sys

DOCUMENT = pathlib.Path("docs/accuracy.md")
BLOCK = re.compile(r"<!-- score (\S+) (\S+) -->.*?<!-- end -->", re.S)
HEADER = "| | rows | median | mean | p90 | bias | under by > 5 % | inside the interval |\n|---|---|---|---|---|---|---|---|\n"


def line(key, figures):
    return "| {} | {} | {:.2f} % | {:.2f} % | {:.1f} % | {:+.2f} % | {:.1f} % | {:.1f} % |\n".format(
        key, figures["rows"], figures["median_abs_error_percent"], figures["mean_abs_error_percent"],
        figures["p90_abs_error_percent"], figures["bias_percent"], 100 * figures["under_by_5_percent_share"],
        100 * figures["interval_coverage_share"])


def table(score, view):
    if view == "all":
        return HEADER + line("all mapped rows", score["all"])
    if view == "not_mapped":
        rows = "".join(f"| {r['rows']} | {r['status']} | {r['reason']} | {r['first_id']} |\n" for r in score["not_mapped"])
        return "| rows | status | reason | first |\n|---|---|---|---|\n" + rows
    return HEADER + "".join(line(group["key"], group) for group in score[f"by_{view}"])


def main(words):
    program = words[0] if words else "build/release/rigor"
    scores = {}

    def fill(match):
        name, view = match.groups()
        if name not in scores:
            done = subprocess.run([program, "evidence", "score", name, "--json"], capture_output=True, text=True, check=True)
            scores[name] = json.loads(done.stdout)
        return f"<!-- score {name} {view} -->\n{table(scores[name], view)}<!-- end -->"

    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(BLOCK.sub(fill, text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Fills the speed tables of docs/accuracy.md from the held-out residuals that `./dev calibrate` leaves.

usage: tools/speed_accuracy.py [RESIDUALS]     build/calibrate/speed.csv.residuals by default

A table stands between `<!-- speed VIEW -->` and `<!-- end -->`; VIEW is quantity, engine, device, thumb or worst.
Columns own, loo_device and loo_model of the file are log(predicted / measured).
"""
import csv
import math
import pathlib
import re
import sys

DOCUMENT = pathlib.Path("docs/accuracy.md")
BLOCK = re.compile(r"<!-- speed (\S+) -->.*?<!-- end -->", re.S)
FEWEST = 30  # rows of a line
ERRORS = ("own", "loo_model", "loo_device")


def quantile(values, share):
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def percent(errors, share):
    return 100 * quantile([abs(math.expm1(e)) for e in errors], share)


def grouped(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return sorted(((k, g) for k, g in groups.items() if len(g) >= FEWEST), key=lambda item: -len(item[1]))


def error_table(groups):
    text = ("| | rows | in sample: median | p90 | network held out: median | p90 | device held out: median | p90 |\n"
            "|---|---|---|---|---|---|---|---|\n")
    for name, rows in groups:
        cells = [f"{percent([r[e] for r in rows], q):.1f} %" for e in ERRORS for q in (0.5, 0.9)]
        text += f"| {name} | {len(rows)} | " + " | ".join(cells) + " |\n"
    return text


def where(row):
    return row["metric"] + (", several devices" if int(row["devices"]) > 1 else "")


def thumb_table(rows):
    text = "| | rows | median | p90 |\n|---|---|---|---|\n"
    decode = [r for r in rows if r["metric"] == "decode" and r["thumb"] > 0]
    training = [r for r in rows if r["metric"] == "training" and r["thumb"] > 0]
    for name, share, those in (("decode: bandwidth / active bytes x 0.55", 0.55, decode),
                               ("decode: bandwidth / active bytes x 0.75", 0.75, decode),
                               ("training: 6 N D at 40 % of the peak", 0.40, training)):
        errors = [math.log(share * r["thumb"] / r["measured"]) for r in those]
        text += f"| {name} | {len(those)} | {percent(errors, 0.5):.1f} % | {percent(errors, 0.9):.1f} % |\n"
        for kind, column in (("network", "loo_model"), ("device", "loo_device")):
            own = [r[column] for r in those]
            text += f"| rigor on these rows, {kind} held out | {len(those)} | {percent(own, 0.5):.1f} % | {percent(own, 0.9):.1f} % |\n"
    return text


def worst_table(rows):
    text = "| row | what | engine | device | network | measured | predicted / measured |\n|---|---|---|---|---|---|---|\n"
    seen = set()
    for row in sorted(rows, key=lambda r: -abs(r["loo_model"])):
        kind = (row["metric"], row["engine"], row["device"], row["model"])
        if kind in seen:
            continue
        seen.add(kind)
        text += (f"| {row['id']} | {row['metric']} | {row['engine']}/{row['backend']} | {row['device']} x {row['devices']} | "
                 f"{row['model']} | {row['measured']} | {math.exp(row['loo_model']):.2f} |\n")
        if len(seen) == 10:
            break
    return text


def main(words):
    path = words[0] if words else "build/calibrate/speed.csv.residuals"
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column in ERRORS + ("thumb",):
            row[column] = float(row[column])
        row["measured"] = float(row["measured"])
    one_device = [r for r in rows if int(r["devices"]) == 1]
    views = {
        "quantity": lambda: error_table(grouped(rows, where)),
        "engine": lambda: error_table(grouped(rows, lambda r: f"{where(r)}: {r['engine']}/{r['backend']}")),
        "device": lambda: error_table(grouped([r for r in one_device if r["metric"] in ("decode", "prefill")],
                                              lambda r: f"{r['metric']}: {r['device']}, {r['backend']}")),
        "thumb": lambda: thumb_table(rows),
        "worst": lambda: worst_table(rows),
    }
    text = DOCUMENT.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda m: f"<!-- speed {m.group(1)} -->\n{views[m.group(1)]()}<!-- end -->", text)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

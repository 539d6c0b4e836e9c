#!/usr/bin/env python3
"""Fills the speed tables of docs/accuracy.md from the held-out residuals that `./dev calibrate` leaves.

usage: tools/speed_accuracy.py [RESIDUALS]     build/calibrate/speed.csv.residuals by default

A table stands between `<!-- speed VIEW -->` and `<!-- end -->`; VIEW is quantity, engine, device, training, coverage, thumb or worst.
Columns own, loo_* and known_* of the file are log(predicted / measured).
"""
import csv
import math
import pathlib
import re
import sys
import zlib

DOCUMENT = pathlib.Path("docs/accuracy.md")
BLOCK = re.compile(r"<!-- speed (\S+) -->.*?<!-- end -->", re.S)
FEWEST = 30  # rows of a line
ERRORS = ("own", "loo_model", "loo_device")
COLUMNS = ERRORS + ("loo_family", "known_model", "known_device")
DATA_CENTRE = ("a100", "h100", "h200", "b200", "b300", "gb200", "l40s", "v100", "mi2", "mi3")


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


def training_table(rows):
    text = ("| | rows | in sample: median | p90 | network held out: median | p90 | the same, program known: median | p90 | "
            "device held out: median | p90 |\n|---|---|---|---|---|---|---|---|---|---|\n")
    training = [r for r in rows if r["metric"] == "training"]
    centre = [r for r in training if any(word in r["device"] for word in DATA_CENTRE)]
    own = [r for r in training if r not in centre]
    for name, those in (("consumer and workstation cards", own), ("data-centre cards", centre)):
        for many in (False, True):
            part = [r for r in those if (int(r["devices"]) > 1) == many]
            cells = [f"{percent([r[e] for r in part], q):.1f} %" for e in ("own", "loo_model", "known_model", "loo_device")
                     for q in (0.5, 0.9)]
            text += f"| {name}, {'several' if many else 'one'} | {len(part)} | " + " | ".join(cells) + " |\n"
    return text


def range_keys(row, support):
    """As estimate::range_keys has them."""
    metric, scope = row["metric"], f"{row['engine']}/{row['backend']}"
    if support == "family":
        return [f"{metric}|{scope}:{row['family']}|family", f"{metric}|{scope}|family", f"{metric}|family"]
    if support == "extrapolated":
        return [f"{metric}|far"]
    return [f"{metric}|{scope}:{row['device']}", f"{metric}|{scope}:{row['family']}", f"{metric}|{scope}", metric]


def weighted_quantile(pairs, share):
    total, summed = sum(w for _, w in pairs), 0.0
    for value, weight in sorted(pairs):
        summed += weight
        if summed >= share * total:
            return value
    return max(pairs)[0]


def intervals(rows, support, column, unit):
    """As calibrate::intervals has them: from a row to low and high of log(measured / predicted)."""
    groups = {}
    for row in rows:
        for key in range_keys(row, support):
            groups.setdefault(key, []).append(row)
    own = {}
    for key, those in groups.items():
        units = {}
        for row in those:
            units[row[unit]] = units.get(row[unit], 0) + 1
        pairs = [(-row[column], units[row[unit]] ** -0.6) for row in those]
        own[key] = (weighted_quantile(pairs, 0.05), weighted_quantile(pairs, 0.95), len(units))

    def interval(row):
        low = high = None
        for key in reversed([k for k in range_keys(row, support) if len(groups.get(k, ())) >= 12]):
            lower, upper, count = own[key]
            share = 1 if low is None else count / (count + 4)
            low = share * lower + (1 - share) * (low or 0)
            high = share * upper + (1 - share) * (high or 0)
        return None if low is None else (min(low, -0.03), max(high, 0.03))
    return interval


def coverage_table(rows):
    """Intervals from one half of the networks, held against the rows of the other half; widths are those of all rows."""
    text = "| | support | rows | inside 90 % intervals | narrower than ± 25 % |\n|---|---|---|---|---|\n"
    half = {r["id"]: zlib.crc32(r["model"].encode()) % 2 for r in rows}
    for support, column, unit in (("device", "loo_model", "model"), ("family", "loo_device", "device"),
                                  ("extrapolated", "loo_family", "family")):
        other = [intervals([r for r in rows if half[r["id"]] != h], support, column, unit) for h in (0, 1)]
        whole = intervals(rows, support, column, unit)
        for metric in ("decode", "prefill", "output", "total", "first_token", "training"):
            those = [(r, other[half[r["id"]]](r), whole(r)) for r in rows if r["metric"] == metric]
            those = [t for t in those if t[1] and t[2]]
            inside = sum(low <= -r[column] <= high for r, (low, high), _ in those) / len(those)
            narrow = sum(math.exp(high) - math.exp(low) < 0.5 for _, _, (low, high) in those) / len(those)
            text += f"| {metric} | {support} | {len(those)} | {100 * inside:.0f} % | {100 * narrow:.0f} % |\n"
    return text


def suspect(row):
    """What is probably wrong with a row that is off by more than a factor of ten."""
    slow = row["loo_model"] < 0 if row["metric"] in ("first_token", "per_token") else row["loo_model"] > 0
    if row["metric"] == "first_token":
        return "requests waited longer than the stated number of them explains"
    if row["metric"] == "training":
        return "set up otherwise than stated"
    if row["metric"] == "per_token":
        return "requests were put off while others ran, or the number of them is wrong"
    return "part of the network on the host or paged from disk" if slow else "several streams, a draft or a cached prompt"


def worst_table(rows):
    text = ("| row | what | engine | device | network | measured | predicted / measured | suspected |\n"
            "|---|---|---|---|---|---|---|---|\n")
    seen = set()
    for row in sorted(rows, key=lambda r: -abs(r["loo_model"])):
        kind = (row["metric"], row["engine"], row["device"], row["model"])
        if kind in seen:
            continue
        seen.add(kind)
        text += (f"| {row['id']} | {row['metric']} | {row['engine']}/{row['backend']} | {row['device']} x {row['devices']} | "
                 f"{row['model']} | {row['measured']} | {math.exp(row['loo_model']):.2f} | {suspect(row)} |\n")
        if len(seen) == 10:
            break
    return text


def main(words):
    path = words[0] if words else "build/calibrate/speed.csv.residuals"
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column in COLUMNS + ("thumb",):
            row[column] = float(row[column])
        row["measured"] = float(row["measured"])
    one_device = [r for r in rows if int(r["devices"]) == 1]
    views = {
        "quantity": lambda: error_table(grouped(rows, where)),
        "engine": lambda: error_table(grouped(rows, lambda r: f"{where(r)}: {r['engine']}/{r['backend']}")),
        "device": lambda: error_table(grouped([r for r in one_device if r["metric"] in ("decode", "prefill")],
                                              lambda r: f"{r['metric']}: {r['device']}, {r['backend']}")),
        "training": lambda: training_table(rows),
        "coverage": lambda: coverage_table(rows),
        "thumb": lambda: thumb_table(rows),
        "worst": lambda: worst_table(rows),
    }
    text = DOCUMENT.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda m: f"<!-- speed {m.group(1)} -->\n{views[m.group(1)]()}<!-- end -->", text)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

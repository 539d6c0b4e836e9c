#!/usr/bin/env python3
"""The figures that the estimates must reach on the evidence carried here. Bounds are the project's targets.

usage: tools/check_accuracy.py [RIGOR]     exit 1 and one line per missed target
"""
import csv
import io
import pathlib
import statistics
import subprocess
import sys
import tempfile

BUFFERS = {"mem_model_buffer_gib", "mem_kv_buffer_gib", "mem_kv_total_gib", "mem_rs_buffer_gib"}
TOTALS = {"mem_peak_gib", "mem_alloc_gib", "mem_total_vram_gib", "mem_rss_peak_gib"}
COMPUTE = {"mem_compute_buffer_gib"}
TRAINING_PEAKS = {"mem_gib", "mem_gb"}


def errors(program, name):
    """(metric, predicted / measured - 1) of every mapped row."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "predictions.csv")
        subprocess.run([program, "evidence", "score", name, "--out", out], check=True, capture_output=True)
        rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    return [(r["metric"], float(r["predicted"]) / float(r["value"]) - 1) for r in rows
            if r["status"] == "mapped" and float(r["value"]) != 0]


def judge(name, reached, bound, rows):
    good = rows > 0 and reached <= bound
    print(f"{'met   ' if good else 'MISSED'} {name}: {100 * reached:.2f} % (target {100 * bound:.0f} %, {rows} rows)")
    return good


def main(words):
    program = words[0] if words else "build/release/rigor"
    memory = errors(program, "evidence/memory.csv")
    training = errors(program, "evidence/training_memory.csv")
    good = True
    for metric in sorted(BUFFERS):
        found = [abs(e) for m, e in memory if m == metric]
        good &= judge(f"median error of {metric}", statistics.median(found), 0.01, len(found))
    compute = [abs(e) for m, e in memory if m in COMPUTE]
    good &= judge("mean error of compute buffers", statistics.mean(compute), 0.05, len(compute))
    totals = [e for m, e in memory if m in TOTALS]
    good &= judge("device totals more than 5 % too low", sum(e < -0.05 for e in totals) / len(totals), 0.02, len(totals))
    peaks = [abs(e) for m, e in training if m in TRAINING_PEAKS]
    good &= judge("median error of training peaks", statistics.median(peaks), 0.12, len(peaks))
    power = errors(program, "evidence/power.csv")
    for phase in ("decode", "output", "prefill", "training"):
        found = [abs(e) for m, e in power if m == f"rate_{phase}"]
        good &= judge(f"median error of {phase} rates under a power limit", statistics.median(found), 0.03, len(found))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

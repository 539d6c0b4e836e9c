#!/usr/bin/env bash
# Times whole processes, from fork to exit: median of 20 runs with files in the page cache.
# usage: bench/cold_start.sh RIGOR     (one line per command: median, fastest, slowest, figure to reach)
set -euo pipefail
rigor=$(realpath "${1:?usage: bench/cold_start.sh RIGOR}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
LC_ALL=C
runs=20
big=$(mktemp --suffix=.gguf)
trap 'rm -f "$big"' EXIT

# Exit codes 0, 1 and 3 are answers; 2 and above 3 are not, and their time means nothing.
time_of() {  # microseconds of one run in `took`
  local before=$EPOCHREALTIME code=0
  "$@" >/dev/null 2>&1 || code=$?
  took=$((${EPOCHREALTIME/./} - ${before/./}))
  [ "$code" -lt 2 ] || [ "$code" -eq 3 ] || { printf '%s: exit %s\n' "$*" "$code" >&2; return 1; }
}

measure() {  # name, figure to reach in ms (or -), command
  local name=$1 figure=$2 took times=()
  shift 2
  time_of "$@" || { failed=1; return 0; }  # the first run fills the page cache and is not counted
  for ((i = 0; i < runs; ++i)); do
    time_of "$@"
    times+=("$took")
  done
  mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
  median=$(((times[runs / 2 - 1] + times[runs / 2]) / 2))
  row "$name" "$median" "${times[0]}" "${times[runs - 1]}" "$figure"
}

row() { printf '%-34s %9s %9s %9s   %s\n' "$1" "$(ms "$2")" "$(ms "$3")" "$(ms "$4")" "$5"; }
ms() { case $1 in '' | *[!0-9-]*) printf '%s' "$1" ;; *) printf '%d.%02d' $(($1 / 1000)) $(($1 % 1000 / 10)) ;; esac; }

failed=0
python3 bench/sparse_gguf.py "$big" >&2
printf '%-34s %9s %9s %9s   %s\n' "milliseconds, $runs runs" median fastest slowest "to reach"
measure "true (what a process costs)" - /bin/true
measure "rigor --version" - "$rigor" --version
measure "rigor catalog show" - "$rigor" catalog show rtx 5090 astral
measure "rigor fit" "20" "$rigor" fit examples/rigs/pro6000-2.toml llama-3.1-70b
fit=${median:-0}
measure "rigor fit, GGUF of 100 GB" "30" "$rigor" fit examples/rigs/pro6000-2.toml "$big"
printf '%-34s %9s %29s\n' "  its header alone" "$(ms $((median - fit > 0 ? median - fit : 0)))" "10"
measure "rigor check" "30" "$rigor" check examples/rigs/pro6000-4.toml
measure "rigor power" "-" "$rigor" power examples/rigs/pro6000-4.toml
measure "rigor report" "60" "$rigor" report examples/rigs/pro6000-4.toml --work examples/work/pro6000.toml
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the peers of a small live overlay cost once the work is done: five demo machines, two minutes of rest, then CPU over one
# minute and memory of each peer. About 4 minutes.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
rest=${REST_SECONDS:-120}
watch=${IDLE_SECONDS:-60}
work=$(mktemp -d)
finish() {
  "$root/smon" demo stop --dir "$work/demo" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT INT TERM

"$root/smon" demo --dir "$work/demo" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
grep 'online in' "$work/log"
sleep "$rest"

ticks() { sed 's/^.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
kb() { awk -v name="$2:" '$1 == name { printf "%.0f", $2 / 1024 }' "/proc/$1/smaps_rollup"; }

pids=$(cut -d' ' -f1 "$work"/demo/machines/*/.smon-peer/*/state/heartbeat)
for pid in $pids; do ticks "$pid" >"$work/$pid"; done
sleep "$watch"
for pid in $pids; do
  share=$(awk -v a="$(ticks "$pid")" -v b="$(cat "$work/$pid")" -v hz="$(getconf CLK_TCK)" -v s="$watch" \
    'BEGIN { printf "%.2f", 100 * (a - b) / hz / s }')
  printf 'peer %s: %s %% of a core, RSS %s MB, PSS %s MB\n' "$pid" "$share" "$(kb "$pid" Rss)" "$(kb "$pid" Pss)"
done

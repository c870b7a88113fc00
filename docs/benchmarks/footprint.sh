#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a peer costs: package size, CPU and wall time to its first answer over TLS, memory and CPU when idle.
# One demo machine gives it an overlay; then that peer is started by hand, cold (no data/) and warm. About 2 minutes.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
idle=${IDLE_SECONDS:-30}
work=$(mktemp -d)
pid=
finish() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  "$root/smon" demo stop --dir "$work/demo" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT INT TERM

"$root/smon" demo --machines 1 --dir "$work/demo" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
peer=$(dirname "$work"/demo/machines/127.0.1.1/.smon-peer/*/state)
kill "$(cut -d' ' -f1 "$peer/state/heartbeat")"

cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); printf "%.2f", ($12 + $13) / hz }' "/proc/$pid/stat"; }
now() { date +%s.%N; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a - b }'; }
kb() { awk -v name="$1:" '$1 == name { printf "%.0f", $2 / 1024 }' "/proc/$pid/smaps_rollup"; }

measure() {
  until flock -n "$peer/peer.lock" true; do sleep 0.1; done
  rm -f "$peer/state/heartbeat"
  began=$(now)
  "$peer"/runtime/*/bin/peer "$peer" >>"$work/log" 2>&1 &
  pid=$!
  until [ -f "$peer/state/heartbeat" ]; do sleep 0.02; done
  wall=$(less "$(now)" "$began")
  first=$(cpu)
  sleep 5
  before=$(cpu)
  sleep "$idle"
  share=$(awk -v a="$(cpu)" -v b="$before" -v s="$idle" 'BEGIN { printf "%.2f", 100 * (a - b) / s }')
  printf '%-6s first answer after %s CPU s, %s s; idle: RSS %s MB, PSS %s MB, %s %% of a core, %s threads\n' \
    "$1" "$first" "$wall" "$(kb Rss)" "$(kb Pss)" "$share" "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)"
  kill "$pid"
  wait "$pid" 2>/dev/null || true
  pid=
}

awk '$1 == "blob" { bytes += $3 } END { printf "package without JRE: %.1f MB\n", bytes / 1e6 }' \
  "$root/karaf-assembly/target/release/manifest"
rm -rf "$peer/base"
measure cold
measure warm
measure warm
measure warm

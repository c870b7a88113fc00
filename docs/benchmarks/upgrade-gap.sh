#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# R18: the longest time without an answer while a peer swaps gossip, core, upgrade and shell live, of TIMES upgrades of
# a demo of one machine, and the median: upgrade-gap.sh [TIMES]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
times=${1:-5}
work=$(mktemp -d)
lib=$root/karaf-assembly/target/client/lib
smon=$root/karaf-assembly/target/client/bin/smon
[ -d "$lib" ] || "$root/smon" --help >/dev/null # builds
port=${PORT:-7800}
end() {
  "$smon" demo stop --dir "$work/demo" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap end EXIT
"$smon" demo --machines 1 --dir "$work/demo" --ssh-port "${SSH_PORT:-2422}" --port "$port" >"$work/out"
mkfifo "$work/stop"
i=0
while [ "$i" -lt "$times" ]; do
  java -XX:+UseSerialGC -cp "$lib/*" "$root/docs/benchmarks/UpgradeGap.java" "$work/demo/client" 127.0.1.1 "$port" \
    <"$work/stop" >"$work/gap" 2>"$work/err" &
  poller=$!
  exec 3>"$work/stop"
  sleep 5 # it compiles itself, connects, and gets warm
  "$smon" demo upgrade --dir "$work/demo" --probation 3 >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
  exec 3>&-
  wait "$poller" || { cat "$work/err"; exit 1; }
  cat "$work/gap"
  cut -d' ' -f1 "$work/gap" >>"$work/gaps"
  i=$((i + 1))
done
echo "median $(sort -n "$work/gaps" | sed -n "$(((times + 1) / 2))p") ms; load $(cut -d' ' -f1 /proc/loadavg)"

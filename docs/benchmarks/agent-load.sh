#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# R62: what an agent costs while 117 machines are deployed, replayed at real speed (about 2 minutes).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lib=$root/karaf-assembly/target/client/lib
[ -d "$lib" ] || "$root/smon" --help >/dev/null # builds
java -cp "$lib/*" org.smon.client.Main init --home "$work/home" >/dev/null
ssh-keygen -q -t ecdsa -b 256 -N '' -f "$work/key"
java -cp "$lib/*" "$root/docs/benchmarks/AgentLoad.java" "$work/home" "$work/key" \
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -cp "$lib/*" org.smon.client.Main

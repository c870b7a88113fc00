#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What peers at rest send on the real transport, TCP and TLS included, in one process: idle-traffic.sh [PEERS [SECONDS]]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lib=$root/karaf-assembly/target/client/lib
[ -d "$lib" ] || "$root/smon" --help >/dev/null # builds
gossip=$root/bundles/gossip/target
(cd "$root" && mvn -q -B -pl bundles/gossip -am -Dspotless.check.skip=true test-compile)
unshare -rn sh -c 'ip link set lo up; exec "$@"' sh \
    java -XX:+UseSerialGC -cp "$gossip/test-classes:$gossip/classes:$lib/*" org.smon.gossip.IdleTraffic "$work" "${1:-24}" "${2:-60}"

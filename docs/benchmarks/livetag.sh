#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# R26: how long livetag takes to reach 24 peers on the real transport, in one process: livetag.sh [PEERS [TIMES]]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lib=$root/karaf-assembly/target/client/lib
[ -d "$lib" ] || "$root/smon" --help >/dev/null # builds
gossip=$root/bundles/gossip/target
(cd "$root" && mvn -q -B -pl bundles/gossip -am -Dspotless.check.skip=true test-compile)
java -XX:+UseSerialGC -cp "$gossip/test-classes:$gossip/classes:$lib/*" org.smon.gossip.LivetagSpread "$work" "${1:-24}" "${2:-20}"

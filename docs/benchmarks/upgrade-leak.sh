#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Classes, threads and heap of one process before and after TIMES upgrades up and down in a row, in a container of the
# assembly: upgrade-leak.sh [TIMES]
set -eu
cd "$(dirname "$0")/../.."
rm -f itests/target/upgrade-footprint.txt
mvn -q -B -pl itests -am verify -Dsmon.upgrades="${1:-50}" -Dtest=NoneTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dit.test=SwapIT -Dfailsafe.failIfNoSpecifiedTests=false
cat itests/target/upgrade-footprint.txt

// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.List;

/**
 * How a release fared; the component names are the JSON of {@code smon simulate --broken P --json}.
 * Times are virtual milliseconds from its publication at one machine, -1 for what did not happen.
 *
 * @param waves the sizes of the waves, each with those before
 * @param gateMillis when as many had proved it
 * @param quarantined stopped, and everyone went back
 * @param adopted machines that run it in the end
 * @param refused machines on which it did not come through its probation
 * @param tried machines on which it was ever begun
 * @param adoptedBeforeQuarantine machines that had adopted it when the first one knew that it is
 *     stopped
 * @param quarantineMillis when that was
 * @param doneMillis when the last machine had adopted or refused it, or was back
 * @param knownMillis when every machine that runs knew that all is done, or stopped; to 0.1 s
 * @param falselyAbsent machines that run and were taken for absent at some time
 * @param exchangesAMachine begun, until then
 */
public record RolloutResult(
    int machines,
    long seed,
    double broken,
    List<Integer> waves,
    List<Long> gateMillis,
    boolean quarantined,
    int adopted,
    int refused,
    int tried,
    int adoptedBeforeQuarantine,
    long quarantineMillis,
    long doneMillis,
    long knownMillis,
    int falselyAbsent,
    double exchangesAMachine) {}

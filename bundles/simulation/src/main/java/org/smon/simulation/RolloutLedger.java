// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.smon.api.Release.Waves;

/**
 * The truth about a rollout, which no machine knows, and what must hold of it at every step. A
 * breach ends the run.
 */
final class RolloutLedger {
  private final List<Integer> waves;
  private final List<Long> gateMillis = new ArrayList<>();
  private final boolean mayStop;
  private final BitSet tried = new BitSet();
  private final BitSet adopted = new BitSet();
  private final BitSet everAbsent = new BitSet();
  private int trying;
  private int proved;
  private int refused;
  private int adoptedBeforeQuarantine = -1;
  private long quarantineMillis = -1;
  private long doneMillis = -1;

  RolloutLedger(List<Integer> waves, Waves plan) {
    this.waves = waves;
    this.mayStop = plan != Waves.FORCED;
  }

  /**
   * Not more than the running wave have it on trial or for good. One that was taken for absent and
   * is up was replaced by another, so it may come on top.
   *
   * @param up the machines that run
   */
  void begins(int machine, BitSet up) {
    trying++;
    tried.set(machine);
    BitSet replaced = (BitSet) everAbsent.clone();
    replaced.and(up);
    int exposed = trying + adopted.cardinality();
    int most = wave() + replaced.cardinality();
    require(exposed <= most, exposed + " machines run it where " + most + " may");
  }

  void aborts() {
    trying--;
  }

  void adopts(int machine, long now) {
    trying--;
    adopted.set(machine);
    proved++;
    doneMillis = now;
    while (gateMillis.size() < waves.size() && proved >= waves.get(gateMillis.size())) {
      gateMillis.add(now);
    }
  }

  void refuses(long now) {
    trying--;
    refused++;
    doneMillis = now;
  }

  void goesBack(int machine, long now) {
    adopted.clear(machine);
    doneMillis = now;
  }

  void absent(int machine) {
    everAbsent.set(machine);
  }

  /** A machine knows that it is stopped. */
  void stopped(long now) {
    require(mayStop, "a forced release was stopped");
    require(refused >= least(), "stopped after " + refused + " refusals");
    if (quarantineMillis < 0) {
      quarantineMillis = now;
      adoptedBeforeQuarantine = adopted.cardinality();
    }
  }

  /** What a machine knows of trials' ends is never lost, and never more than the truth. */
  void knows(int before, int after) {
    require(after >= before, "a view fell from " + before + " results to " + after);
    require(after <= proved + refused, "a view has " + after + " results that nobody had");
  }

  /** Nobody could adopt it, and too few tried for it to be stopped. */
  boolean nothingComesOfIt() {
    return proved == 0 && refused < least();
  }

  RolloutResult result(RolloutOptions options, BitSet up, long knownMillis, double exchanges) {
    BitSet falselyAbsent = (BitSet) everAbsent.clone();
    falselyAbsent.and(up);
    return new RolloutResult(
        options.machines(),
        options.seed(),
        options.broken(),
        waves,
        List.copyOf(gateMillis),
        quarantineMillis >= 0,
        adopted.cardinality(),
        refused,
        tried.cardinality(),
        adoptedBeforeQuarantine,
        quarantineMillis,
        doneMillis,
        knownMillis,
        falselyAbsent.cardinality(),
        exchanges);
  }

  private int least() {
    return Math.min(2, waves.get(waves.size() - 1));
  }

  private int wave() {
    return waves.get(Math.min(gateMillis.size(), waves.size() - 1));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException("invariant broken: " + otherwise);
    }
  }
}

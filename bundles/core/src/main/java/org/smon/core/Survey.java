// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.List;
import org.smon.api.Machine;

/**
 * Asks a sample of machines at once whether anybody is left (R15). Only if all 4 log2 N are silent
 * does a peer hold itself for the last one: with one in twenty alive, one survey in twelve of 3,000
 * machines errs, with half of them alive, none does.
 */
final class Survey {
  private static final int PINGS_PER_LOG2 = 4;

  /** Pings lost in a row, nothing heard for a round (R58), after which a survey is worth it. */
  private static final int LOST_IN_A_ROW = 2;

  private final Self self;
  private final List<String> unanswered = new ArrayList<>();
  private int lostInARow;
  private long heardAt;

  Survey(Self self) {
    this.self = self;
  }

  /** Somebody was heard of. */
  void heard(long now) {
    lostInARow = 0;
    heardAt = now;
  }

  void lost() {
    lostInARow++;
  }

  /** Nobody answers, nobody pings: more than one machine may be lost. */
  boolean isCalledFor(long now) {
    return lostInARow >= LOST_IN_A_ROW && now - heardAt >= self.held().waitMillis();
  }

  /**
   * Starts over.
   *
   * @param known a machine known to live again, whose answer would prove nothing
   */
  void begin(String known) {
    unanswered.clear();
    for (int i = 0; i < PINGS_PER_LOG2 * self.roster().log2(); i++) {
      Machine machine = self.randomOther();
      if (machine != null && !machine.name().equals(known)) {
        unanswered.add(machine.name());
      }
    }
    List.copyOf(unanswered).forEach(self::ping);
  }

  /** Somebody lives: there is no reason to go on. */
  void answered(String machine) {
    if (unanswered.contains(machine)) {
      unanswered.clear();
    }
  }

  boolean asks(String machine) {
    return unanswered.contains(machine);
  }

  /** True if this was the last one asked, and all were silent. */
  boolean silent(String machine) {
    return unanswered.remove(machine) && unanswered.isEmpty();
  }
}

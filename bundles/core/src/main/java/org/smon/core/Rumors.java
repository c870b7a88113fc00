// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.EnumMap;
import java.util.Map;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.Versions;

/**
 * Spreads a fresh document faster than the rounds do, and also when livetag false has ended them
 * (T2): a burst at once on receipt, so that all have it after O(log N) message delays, and more
 * bursts for those that were missed. A rumour is told at most 3 log2 N times, then it dies, so it
 * keeps nobody awake.
 */
final class Rumors {
  /** Nothing but its rumour brings livetag false to a peer that is not pinged any more. */
  private static final int LIVETAG_TELLINGS_PER_LOG2 = 3;

  /** The rounds bring what these miss, a peer in a million by the rumour's mathematics. */
  private static final int TELLINGS_PER_LOG2 = 1;

  private static final int BURST = 4;

  private final Self self;
  private final Map<DocumentType, Integer> tellingsLeft = new EnumMap<>(DocumentType.class);
  private long tellAt = Long.MAX_VALUE;

  Rumors(Self self) {
    this.self = self;
  }

  void changed(long now, Versions before) {
    if (self.config.policy() == Policy.PAPER) {
      return; // the paper spreads by rounds alone
    }
    for (DocumentType type : DocumentType.values()) {
      if (!self.held().versions().of(type).equals(before.of(type))) {
        tellingsLeft.put(type, tellingsPerLog2(type) * self.roster().log2());
        tellAt = now;
      }
    }
  }

  private static int tellingsPerLog2(DocumentType type) {
    return type == DocumentType.LIVETAG ? LIVETAG_TELLINGS_PER_LOG2 : TELLINGS_PER_LOG2;
  }

  /** Does what is due; the time of the next burst. */
  long step(long now) {
    if (now >= tellAt) {
      for (int i = 0; i < BURST; i++) {
        tell();
      }
      tellAt =
          tellingsLeft.isEmpty()
              ? Long.MAX_VALUE
              : now + Math.max(1, self.jittered(self.config.rumorMillis()));
    }
    return tellAt;
  }

  private void tell() {
    Machine machine = self.randomOther();
    for (DocumentType type : DocumentType.values()) {
      Integer left = tellingsLeft.get(type);
      if (left != null && machine != null) {
        self.effects.push(type, machine.name());
      }
      tellingsLeft.computeIfPresent(type, (t, n) -> n > 1 ? n - 1 : null);
    }
  }
}

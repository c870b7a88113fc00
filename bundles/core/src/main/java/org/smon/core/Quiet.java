// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.DocumentType;
import org.smon.api.Versions;

/**
 * With livetag false a peer that no round's ping reaches for quietSeconds ends itself (R27).
 * Rumours, questions and clients' pings do not count, or their spreading would keep all alive for
 * ever (T2); a newer livetag starts the time afresh, so that there is time to pass it on.
 */
final class Quiet {
  private static final long SECOND = 1_000;

  private final Self self;
  private long since;
  private boolean stopped;

  Quiet(Self self) {
    this.self = self;
  }

  void begin(long now) {
    since = now;
  }

  void changed(long now, Versions before) {
    DocumentType livetag = DocumentType.LIVETAG;
    if (!self.held().versions().of(livetag).equals(before.of(livetag))) {
      begin(now);
    }
  }

  /** When this peer is to end; Long.MAX_VALUE with livetag true. */
  long endsAt() {
    return self.held().livetag().value()
        ? Long.MAX_VALUE
        : since + self.held().livetag().quietSeconds() * SECOND;
  }

  /** Ends the peer if it is time; true if it has ended. */
  boolean step(long now) {
    if (!stopped && now >= endsAt()) {
      stopped = true;
      self.effects.stop(
          "livetag is false, and no ping came for " + self.held().livetag().quietSeconds() + " s");
    }
    return stopped;
  }
}

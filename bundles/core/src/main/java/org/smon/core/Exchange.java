// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.EnumMap;
import java.util.Map;
import org.smon.api.DocumentType;
import org.smon.api.Version;
import org.smon.api.Versions;

/**
 * Push and pull after a pong (R2). Both are done by the side that opened the connection, so a peer
 * behind a one-way firewall gets and gives all the same, and no document moves twice.
 */
final class Exchange {
  /** The same version is not asked for again while it is likely still on its way. */
  private static final int FETCH_MILLIS = 3_000;

  private final Self self;
  private final Map<DocumentType, Fetch> fetches = new EnumMap<>(DocumentType.class);

  private record Fetch(Version version, long until) {}

  Exchange(Self self) {
    this.self = self;
  }

  void with(long now, String machine, Versions theirs) {
    Held held = self.held();
    for (DocumentType type : DocumentType.values()) {
      boolean conflict = held.conflictsWith(theirs, type);
      if (conflict || held.isOlderThan(theirs, type)) {
        fetch(now, type, theirs.of(type).orElseThrow(), machine);
      }
      if (conflict || held.isNewerThan(theirs, type)) {
        self.effects.push(type, machine);
      }
    }
  }

  private void fetch(long now, DocumentType type, Version version, String machine) {
    Fetch running = fetches.get(type);
    if (running == null || now >= running.until() || !running.version().equals(version)) {
      fetches.put(type, new Fetch(version, now + FETCH_MILLIS));
      self.effects.fetch(type, version, machine);
    }
  }
}

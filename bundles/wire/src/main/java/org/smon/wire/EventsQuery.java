// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.time.Instant;
import java.util.List;

/**
 * Asks for events.
 *
 * @param machine only those about or of this machine, or null
 * @param after only later ones, or null
 * @param limit at most so many, the newest
 * @param peers whose events, collected through a tree; null for the whole list, empty for the asked
 *     peer alone
 * @param lastMillis only those of the last so many milliseconds by the clock of the peer that has
 *     them, or null: clocks of machines may be years apart
 */
public record EventsQuery(
    String machine, Instant after, int limit, List<String> peers, Long lastMillis) {
  public EventsQuery(String machine, Instant after, int limit, List<String> peers) {
    this(machine, after, limit, peers, null);
  }

  /** The query that is left for these peers. */
  public EventsQuery of(List<String> others) {
    return new EventsQuery(machine, after, limit, others, lastMillis);
  }

  /**
   * Events after this are asked for.
   *
   * @param now by the clock of who has the events
   */
  public Instant since(Instant now) {
    Instant named = after == null ? Instant.EPOCH : after;
    Instant recent = lastMillis == null ? Instant.EPOCH : now.minusMillis(lastMillis);
    return recent.isAfter(named) ? recent : named;
  }
}

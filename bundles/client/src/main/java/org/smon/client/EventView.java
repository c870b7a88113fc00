// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.smon.api.Event;

/** An event in the JSON of `why` and `events`; the component names are the JSON fields. */
record EventView(
    Instant at,
    String peer,
    String kind,
    String machine,
    String cause,
    Map<String, String> detail) {
  static EventView of(Event e) {
    return new EventView(
        e.at(), e.peer(), e.kind(), e.machine(), e.cause(), new TreeMap<>(e.detail()));
  }

  /** {@code 2026-11-23T10:00:00.123Z 127.0.1.2 recover 127.0.1.3 cause}. */
  String line() {
    return "%-24s %-15s %-14s %-15s %s"
        .formatted(
            at.truncatedTo(ChronoUnit.MILLIS),
            peer,
            kind,
            machine == null ? "-" : machine,
            cause == null ? "" : cause)
        .stripTrailing();
  }
}

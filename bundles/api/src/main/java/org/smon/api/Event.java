// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened, with its cause (R55).
 *
 * @param peer the machine whose peer (or "client", "agent") saw it
 * @param kind such as ping-timeout, claim, copy, install, start, recover, sign, refuse, fetch,
 *     adopt
 * @param machine the machine it is about
 * @param cause one line
 */
public record Event(
    Instant at,
    String peer,
    String kind,
    String machine,
    String cause,
    Map<String, String> detail) {
  public Event {
    detail = Map.copyOf(detail);
  }
}

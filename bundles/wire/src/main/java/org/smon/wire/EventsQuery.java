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
 */
public record EventsQuery(String machine, Instant after, int limit, List<String> peers) {}

// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.time.Instant;

/**
 * Asks for events.
 *
 * @param machine only those about or of this machine, or null
 * @param after only later ones
 * @param limit at most so many, the newest
 * @param everywhere true: ask the whole overlay through the tree; false: this peer alone
 */
public record EventsQuery(String machine, Instant after, int limit, boolean everywhere) {}

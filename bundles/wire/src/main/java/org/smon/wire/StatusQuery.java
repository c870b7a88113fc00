// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;

/**
 * Asks a peer for itself and, through a tree, for others.
 *
 * @param machines the names to collect, or null for the whole list
 * @param deadlineMillis how long the asker waits
 */
public record StatusQuery(List<String> machines, int deadlineMillis) {}

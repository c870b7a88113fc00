// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/**
 * What came of an indirect ping.
 *
 * @param answered true if the machine answered the one that was asked
 * @param holdMillis for how long nobody should log in there, because it was visited lately; 0: now
 */
public record ProbeAnswer(boolean answered, long holdMillis) {}

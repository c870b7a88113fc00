// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import org.smon.api.Work;

/**
 * A request for half of a peer's rest, and the answer (R10).
 *
 * @param share in the answer: the half given away, or null
 */
public record WorkMessage(String from, Work share) {}

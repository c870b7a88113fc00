// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.Versions;

/**
 * What a ping is answered with (R1).
 *
 * @param workLeft machines of the own share not yet done, running visits included (R10)
 */
public record Pong(Versions versions, int workLeft) {}

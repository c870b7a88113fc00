// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * What a deployer is asked to do: see that a peer runs on this machine (R3, R6).
 *
 * @param deployedBy the name of the machine whose peer does it, or "client"
 * @param share the work to hand to a peer newly deployed there, or null
 */
public record Visit(Machine machine, String deployedBy, Work share) {}

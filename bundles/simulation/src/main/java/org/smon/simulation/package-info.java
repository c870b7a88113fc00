// SPDX-License-Identifier: Apache-2.0
/** A virtual world for the real core: time, network, machines and faults by seed. */
package org.smon.simulation;

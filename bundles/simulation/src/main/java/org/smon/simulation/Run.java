// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.List;
import java.util.SortedMap;

/**
 * A finished run.
 *
 * @param signMillis when the agent was asked to sign, from the first peer's start on: the load to
 *     replay against a real agent (R62)
 * @param events how often peers reported an event of each kind, and how visits ended
 */
public record Run(Result result, List<Long> signMillis, SortedMap<String, Long> events) {}

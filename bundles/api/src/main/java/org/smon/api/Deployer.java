// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * Puts or revives a peer on a machine over ssh. Blocks for the whole visit (bounded by 15 minutes);
 * never throws for what can happen to a visit. Any thread; one visit to a machine at a time.
 */
public interface Deployer {
  VisitReport visit(Visit visit);
}

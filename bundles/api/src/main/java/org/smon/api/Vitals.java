// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/** What shows that a peer's gossip really talks (R23). Any thread; never blocks. */
public interface Vitals {
  /** How many own pings were answered by fellows since the gossip bundle was started. */
  long pongsReceived();
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

/** Which of two ways of finding and healing machines a peer follows. */
public enum Policy {
  /** Figure 2 of the paper, literally: pick, ping, on silence visit at once, wait. */
  PAPER,
  /** Ours: divided work (R10), confirmed silence (R16), back-off, rumours. */
  SMON
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

/**
 * How this peer's process ends by its own wish: exit status 0, which tells whatever watches it to
 * leave it so (R27). Returns at once; the process lives on for some seconds. Any thread.
 */
interface Ending {
  void end();
}

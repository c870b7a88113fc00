// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

/** Whether the agent signs for a machine whose host key is not pinned in the list. */
public enum FirstUse {
  NEVER,
  /** {@code --allow-first-use}: only what names itself the client makes first contact. */
  CLIENT,
  /** {@code --peers-too} */
  PEERS_TOO
}

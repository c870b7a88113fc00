// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import org.smon.api.Machine;
import org.smon.api.RefusedException;

/** Makes a machine that knows the user by a password know the user's public key as well (R37). */
public interface KeyInstaller {
  /**
   * Blocks for some seconds. The machine has a pinned host key, and the password goes to no other.
   *
   * @throws RefusedException if the machine does not take the password, or cannot keep the key
   * @throws IOException if it cannot be reached from here
   */
  void install(Machine machine, String user, String password) throws RefusedException, IOException;
}

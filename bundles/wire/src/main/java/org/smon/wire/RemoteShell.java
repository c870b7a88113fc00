// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import org.smon.api.RefusedException;

/**
 * Runs shell lines that an operator signed. A service of the shell bundle, reached through {@link
 * PeerApi}. Blocks while the command runs. Any thread.
 */
public interface RemoteShell {
  ShellMessage.Greeting greet();

  /** Refuses a line that is not signed by an operator, not in sequence, or of another session. */
  ShellMessage.Output run(ShellMessage.Line line) throws RefusedException;
}

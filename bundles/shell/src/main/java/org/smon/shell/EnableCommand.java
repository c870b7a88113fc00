// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.smon.api.RefusedException;
import org.smon.wire.PeerApi;

/** {@code smon:enable}: livetag true, as an operator signed it (R26). */
@Command(scope = "smon", name = "enable", description = "Switches self-management on, everywhere")
@Service
public final class EnableCommand implements Action {
  @Argument(name = "document", description = "the signed livetag; `smon shell` puts it there")
  private String document;

  @Reference private PeerApi peer;

  @Override
  public Object execute() throws RefusedException {
    System.out.println(new LivetagHandover(peer).offer(document, true));
    return null;
  }
}

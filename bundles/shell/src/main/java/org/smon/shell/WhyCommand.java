// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.smon.api.Event;
import org.smon.api.RefusedException;
import org.smon.wire.EventsQuery;
import org.smon.wire.PeerApi;

/** {@code smon:why HOST}: what all peers' event logs say of one machine (R55). */
@Command(
    scope = "smon",
    name = "why",
    description = "Shows what happened to a machine, and who did it")
@Service
public final class WhyCommand implements Action {
  private static final int LIMIT = 200;

  @Argument(name = "machine", description = "the machine's name in the list", required = true)
  private String machine;

  @Reference private PeerApi peer;

  @Override
  public Object execute() throws RefusedException {
    for (Event event : peer.events(new EventsQuery(machine, null, LIMIT, null)).events()) {
      System.out.printf("%s %s %s %s%n", event.at(), event.peer(), event.kind(), event.cause());
    }
    return null;
  }
}

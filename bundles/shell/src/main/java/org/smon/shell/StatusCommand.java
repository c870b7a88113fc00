// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.smon.api.RefusedException;
import org.smon.wire.MachineStatus;
import org.smon.wire.PeerApi;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusQuery;

/** {@code smon:status}: the overlay as this peer collects it now (R12). */
@Command(
    scope = "smon",
    name = "status",
    description = "Shows every machine of the overlay as seen from this peer")
@Service
public final class StatusCommand implements Action {
  private static final int DEADLINE_MILLIS = 3_000;

  @Reference private PeerApi peer;

  @Override
  public Object execute() throws RefusedException {
    StatusAnswer status = peer.status(new StatusQuery(null, DEADLINE_MILLIS));
    ShellTable table = new ShellTable();
    for (String column :
        new String[] {"Machine", "State", "Pid", "Release", "Deployed by", "Copies", "Reason"}) {
      table.column(column);
    }
    for (MachineStatus machine : status.machines()) {
      table
          .addRow()
          .addContent(
              machine.name(),
              machine.state(),
              blank(machine.pid()),
              blank(machine.release()),
              blank(machine.deployedBy()),
              blank(machine.copies()),
              blank(machine.reason()));
    }
    table.print(System.out);
    System.out.printf(
        "%s: %d of %d online, livetag %s, release %s%n",
        status.name(),
        status.summary().online(),
        status.summary().total(),
        status.livetag().value(),
        status.release().version());
    System.out.printf("news: %s%n", News.line());
    return null;
  }

  private static Object blank(Object value) {
    return value == null ? "" : value;
  }
}

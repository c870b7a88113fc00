// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.smon.api.Documents;
import org.smon.api.Machine;
import org.smon.api.Settings;

/** {@code smon:machines}: the machine list this peer holds (R29). */
@Command(scope = "smon", name = "machines", description = "Shows the machine list this peer holds")
@Service
public final class MachinesCommand implements Action {
  @Reference private Documents documents;

  @Override
  public Object execute() {
    Settings settings = documents.settings();
    ShellTable table = new ShellTable();
    for (String column : new String[] {"Machine", "User", "Port", "Host key", "Tags"}) {
      table.column(column);
    }
    for (Machine machine : documents.list().machines()) {
      table
          .addRow()
          .addContent(
              machine.name(),
              settings.userOf(machine),
              machine.sshPort(),
              machine.pin().orElse("not pinned"),
              String.join(" ", machine.tags()));
    }
    table.print(System.out);
    return null;
  }
}

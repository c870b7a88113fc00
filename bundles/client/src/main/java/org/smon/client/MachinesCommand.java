// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code smon machines}: where peers should run (R29). */
@Command(
    name = "machines",
    description = "Shows, edits and signs the machine list: where peers should run.",
    synopsisSubcommandLabel = "list|add|remove|set|edit|conflicts",
    subcommands = {
      MachinesListCommand.class,
      MachinesAddCommand.class,
      MachinesRemoveCommand.class,
      MachinesSetCommand.class,
      MachinesEditCommand.class,
      MachinesConflictsCommand.class
    })
final class MachinesCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name one of list, add, remove, set, edit, conflicts");
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.smon.api.MachineList;
import org.smon.membership.ListEdits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon machines edit}. */
@Command(
    name = "edit",
    description = "Changes what the list says of a machine: user, port, tags, or a new host key.")
final class MachinesEditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "the machine's name in the list")
  private String name;

  @Mixin private MachineOptions options;
  @Mixin private AcknowledgeOptions acknowledge;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (options.sayNothing()) {
      throw new ParameterException(
          spec.commandLine(), "say what to change: --host-key, --scan, --user, --port or --tag");
    }
    Smon smon = Smon.of(spec);
    ClientHome home = smon.home();
    ListChange change = new ListChange(home, smon.console(), acknowledge);
    MachineList list = change.newest();
    MachineList next = ListEdits.edit(list, name, options::override);
    if (options.scan && options.hostKey == null) {
      Pins pins = Pins.of(smon, options);
      next = ListEdits.edit(next, name, pins::scanAnew);
    }
    change.commit(next);
    return ExitStatus.DONE;
  }
}

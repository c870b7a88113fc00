// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.MachineList;
import org.smon.membership.ListEdits;
import org.smon.membership.ListEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon machines add}. */
@Command(
    name = "add",
    description = {
      "Adds machines to the list.",
      "Pins their host keys: from --host-key, else from your known_hosts, else by --scan."
    })
final class MachinesAddCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "HOST", description = "[user@]name[:sshPort]")
  private List<String> hosts;

  @Mixin private MachineOptions options;
  @Mixin private AcknowledgeOptions acknowledge;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (options.hostKey != null && hosts.size() > 1) {
      throw new ParameterException(spec.commandLine(), "--host-key goes with one HOST");
    }
    Smon smon = Smon.of(spec);
    ClientHome home = smon.home();
    List<ListEntry> named = hosts.stream().map(ListEntry::parse).map(options::complete).toList();
    ListChange change = new ListChange(home, smon.console(), acknowledge);
    MachineList next = ListEdits.add(change.newest(), named);
    change.commit(Pins.of(smon, options).pin(next, named));
    return ExitStatus.DONE;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.MachineList;
import org.smon.membership.ListEdits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon machines remove}. */
@Command(
    name = "remove",
    description =
        "Takes machines off the list; the list remembers them, so that an old one cannot bring them back.")
final class MachinesRemoveCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "NAME", description = "names in the list")
  private List<String> names;

  @Option(names = "--yes", description = "even if no machine is left")
  private boolean yes;

  @Mixin private AcknowledgeOptions acknowledge;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Smon smon = Smon.of(spec);
    ClientHome home = smon.home();
    ListChange change = new ListChange(home, smon.console(), acknowledge);
    MachineList list = change.newest();
    MachineList next = ListEdits.remove(list, names);
    EmptyList.refuse(list, next, yes);
    change.commit(next);
    return ExitStatus.DONE;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.MachineList;
import org.smon.membership.ListEdits;
import picocli.CommandLine.Command;
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

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Smon smon = Smon.of(spec);
    ClientHome home = smon.home();
    MachineList next = ListEdits.remove(home.documents().list(), names);
    EmptyList.refuse(home.documents().list(), next, yes);
    new ListChange(home, smon.console()).commit(next);
    return ExitStatus.DONE;
  }
}

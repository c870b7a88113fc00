// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code smon machines list}. */
@Command(name = "list", description = "Shows the newest list that this home knows.")
final class MachinesListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MachinesView view = MachinesView.of(Smon.of(spec).home().documents());
    Console console = Smon.of(spec).console();
    console.result(view);
    if (!console.json()) {
      view.print(console.out());
    }
    return ExitStatus.DONE;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.concurrent.Callable;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code smon machines list}. */
@Command(name = "list", description = "Shows the newest list that this home knows.")
final class MachinesListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Documents documents = Smon.of(spec).home().documents();
    MachinesView view = MachinesView.of(documents);
    Console console = Smon.of(spec).console();
    console.result(view);
    if (!console.json()) {
      view.print(console.out());
    }
    int open = documents.conflicts(DocumentType.LIST).size();
    if (open > 0) {
      console.note("smon: conflicts: " + open + "; see `smon machines conflicts`");
    }
    return ExitStatus.DONE;
  }
}

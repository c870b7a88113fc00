// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.client.Smon;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code smon demo exec}. */
@Command(
    name = "exec",
    description = "Runs a command on a machine of the demo, over its ssh server; exits as it does.",
    customSynopsis = "smon demo exec HOST -- CMD...")
final class DemoExecCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "HOST", description = "a machine of the demo")
  private String host;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "a shell command")
  private List<String> command;

  @ParentCommand private DemoCommand demo;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    return RunningDemo.at(demo.directory())
        .exec(host, String.join(" ", command), Smon.of(spec).surroundings());
  }
}

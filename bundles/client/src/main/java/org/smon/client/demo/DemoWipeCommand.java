// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.smon.client.ExitStatus;
import org.smon.client.Smon;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code smon demo wipe}. */
@Command(
    name = "wipe",
    description = "Crashes a machine and removes its files; the host key stays.")
final class DemoWipeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "HOST", description = "a machine of the demo, such as 127.0.1.3")
  private String host;

  @ParentCommand private DemoCommand demo;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    String told = RunningDemo.at(demo.directory()).wipe(host);
    Smon.of(spec).console().say(told);
    return ExitStatus.DONE;
  }
}

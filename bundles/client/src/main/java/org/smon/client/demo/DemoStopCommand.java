// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.smon.client.ExitStatus;
import org.smon.client.Smon;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code smon demo stop}. */
@Command(name = "stop", description = "Ends all processes of the demo and removes its directory.")
final class DemoStopCommand implements Callable<Integer> {
  @ParentCommand private DemoCommand demo;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Smon.of(spec).console().say(RunningDemo.stop(demo.directory()));
    return ExitStatus.DONE;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.smon.client.ExitStatus;
import org.smon.client.Smon;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A verb that does one thing to one machine of the demo and tells what came of it. */
abstract class DemoMachineCommand implements Callable<Integer> {
  @Parameters(paramLabel = "HOST", description = "a machine of the demo, such as 127.0.1.3")
  private String host;

  @ParentCommand private DemoCommand demo;
  @Spec private CommandSpec spec;

  /** Returns the line to say. */
  abstract String act(RunningDemo running, String machine) throws IOException;

  @Override
  public final Integer call() throws IOException {
    Smon.of(spec).console().say(act(RunningDemo.at(demo.directory()), host));
    return ExitStatus.DONE;
  }
}

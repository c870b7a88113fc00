// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code smon demo crash}. */
@Command(
    name = "crash",
    description = "Kills all processes of a machine and its ssh server: it has lost power.")
final class DemoCrashCommand extends DemoMachineCommand {
  @Override
  String act(RunningDemo running, String machine) throws IOException {
    return running.crash(machine);
  }
}

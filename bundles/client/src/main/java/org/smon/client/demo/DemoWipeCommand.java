// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code smon demo wipe}. */
@Command(
    name = "wipe",
    description = "Crashes a machine and removes its files; the host key stays.")
final class DemoWipeCommand extends DemoMachineCommand {
  @Override
  String act(RunningDemo running, String machine) throws IOException {
    return running.wipe(machine);
  }
}

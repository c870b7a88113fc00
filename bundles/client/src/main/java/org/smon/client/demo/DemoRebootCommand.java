// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code smon demo reboot}. */
@Command(name = "reboot", description = "Brings a machine's ssh server back.")
final class DemoRebootCommand extends DemoMachineCommand {
  @Override
  String act(RunningDemo running, String machine) throws IOException {
    return running.reboot(machine);
  }
}

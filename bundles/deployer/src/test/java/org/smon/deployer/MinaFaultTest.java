// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.nio.file.Path;

class MinaFaultTest extends FaultContract {
  @Override
  TestMachine machine(Path home) throws Exception {
    return new MinaMachine(home);
  }
}

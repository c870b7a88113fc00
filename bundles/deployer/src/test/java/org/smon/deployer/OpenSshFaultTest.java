// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

class OpenSshFaultTest extends FaultContract {
  @Override
  TestMachine machine(Path home) throws Exception {
    assumeTrue(
        Files.isExecutable(OpenSshMachine.SSHD), "no /usr/sbin/sshd: install openssh-server");
    return new OpenSshMachine(home);
  }
}

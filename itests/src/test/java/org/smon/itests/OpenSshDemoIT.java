// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;

/** The main job against real OpenSSH servers, one a machine, through the agent. */
class OpenSshDemoIT {
  private static final Path SSHD = Path.of("/usr/sbin/sshd");

  static boolean sshdIsHere() {
    return Files.isExecutable(SSHD);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void fiveMachinesWithRealSshdAreDeployedAndHealed(@TempDir Path temp) throws IOException {
    assumeTrue(sshdIsHere(), "there is no " + SSHD + "; install openssh-server");
    try (RunningDemo demo = RunningDemo.start(temp, 5, "openssh")) {
      StatusAnswer deployed = demo.started.done().json(StatusAnswer.class);
      assertEquals(new StatusAnswer.Summary(5, 5, 0, 0, 0), deployed.summary());
      for (MachineStatus machine : deployed.machines()) {
        assertEquals(1, machine.copies(), machine::toString);
      }
      heals(demo, "127.0.1.3");
      assertEquals(List.of(), demo.census().offences());
    }
  }

  private static void heals(RunningDemo demo, String machine) {
    long before = demo.peers(machine).get(0).pid();
    demo.verb("crash", machine);
    assertEquals(List.of(), demo.peers(machine));
    demo.verb("reboot", machine);
    StatusAnswer after = demo.awaitAllOnline(120);
    assertNotEquals(before, demo.peers(machine).get(0).pid());
    assertEquals(1, RunningDemo.machine(after, machine).copies());
    String why = demo.smon.run("why", machine).done().out();
    assertTrue(why.contains("recover"), why);
  }
}

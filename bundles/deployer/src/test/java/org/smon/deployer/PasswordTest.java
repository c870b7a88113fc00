// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** A password that the agent's user has disclosed (R37). */
class PasswordTest extends MachineContract {
  @Override
  TestMachine machine(Path home) throws Exception {
    MinaMachine machine = new MinaMachine(home);
    machine.password = "open sesame";
    return machine;
  }

  @Test
  void opensAMachineThatKnowsNoKeyAndOnlyOnce() throws Exception {
    Files.delete(bench.machine.authorizedKeys());
    assertEnded(Outcome.FAILED, Step.LOGIN, "none of the agent's keys", bench.visit());
    bench.agent.password = "guess";
    assertEnded(Outcome.FAILED, Step.LOGIN, "nor its password", bench.visit());
    bench.agent.password = "open sesame";
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    bench.agent.password = null;
    bench.machine.killPeer();
    assertOutcome(Outcome.RECOVERED, bench.visit());
    assertEquals(1, bench.agent.signed.size());
  }

  @Test
  void goesToNoHostThatIsNotPinned() throws Exception {
    Files.delete(bench.machine.authorizedKeys());
    bench.agent.password = "open sesame";
    bench.limits = Bench.QUICK.withFirstUse(true);
    assertEnded(
        Outcome.FAILED,
        Step.LOGIN,
        "none of the agent's keys",
        bench.visit(bench.machine.entry().withHostKey(null)));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.util.List;
import org.smon.api.AgentAddress;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.api.Visit;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** The way to a machine: the agent's permission, the login, the far end's greeting. Used once. */
final class Arrival {
  private final SshDeployer.Tools tools;
  private final Visit visit;
  private final Machine machine;
  private Step step = Step.AGENT;

  Arrival(SshDeployer.Tools tools, Visit visit) {
    this.tools = tools;
    this.visit = visit;
    machine = visit.machine();
  }

  FarEnd arrive() throws VisitEnd {
    return arrive(permit());
  }

  /** Before ssh is opened: an agent that is down gets nobody banned by the machine's sshd. */
  private LoginPermit permit() throws VisitEnd {
    if (machine.pin().isEmpty() && !tools.limits().allowFirstUse()) {
      throw end(
          Outcome.REFUSED, "no host key; smon machines edit " + machine.name() + " --host-key");
    }
    LoginPermit permit = ask();
    List<String> adopted = new Exchange(tools, machine.name()).adopt(permit.newer(), "the agent");
    if (!adopted.isEmpty()) {
      throw end(Outcome.OLDER, "the agent had a newer " + String.join(", ", adopted));
    }
    if (permit.publicKeys().isEmpty()) {
      throw end(Outcome.REFUSED, "the agent offers no key for this machine");
    }
    return permit;
  }

  private LoginPermit ask() throws VisitEnd {
    try {
      return tools
          .agent()
          .permit(
              new LoginRequest(
                  visit.deployedBy(),
                  machine.name(),
                  tools.documents().versions(),
                  visit.purpose() == Visit.Purpose.CLEAN ? Visit.Purpose.CLEAN : null));
    } catch (RefusedException e) {
      throw end(Outcome.REFUSED, "the agent refused: " + e.getMessage());
    } catch (IOException e) {
      throw end(Outcome.FAILED, e.getMessage());
    }
  }

  /**
   * Logs in with the first key the machine takes. The enrolment key leads to the dispatcher; where
   * a wiped machine still knows the key but has no dispatcher any more, the user's own key is the
   * way.
   */
  private FarEnd arrive(LoginPermit permit) throws VisitEnd {
    SshConnector.Connection first = connect(permit, permit.publicKeys());
    boolean enrolled = isEnrolmentKey(first.login().signedWith);
    FarEnd far = new FarEnd(first.session());
    if (!greet(far, !enrolled).equals("none")) {
      return far;
    }
    far.close();
    List<String> own = permit.publicKeys().stream().filter(key -> !isEnrolmentKey(key)).toList();
    if (own.isEmpty()) {
      throw new VisitEnd(
          Outcome.REFUSED,
          Step.LOGIN,
          "the machine was wiped, and the agent offers no key to enrol it anew");
    }
    FarEnd again = new FarEnd(connect(permit, own).session());
    greet(again, true);
    return again;
  }

  private SshConnector.Connection connect(LoginPermit permit, List<String> keys) throws VisitEnd {
    step = Step.CONNECT;
    return tools
        .ssh()
        .open(
            new Login(
                tools.agent(),
                visit.deployedBy(),
                machine,
                permit.user(),
                keys,
                permit.password(),
                tools.limits().allowFirstUse(),
                null));
  }

  private String greet(FarEnd far, boolean sendScript) throws VisitEnd {
    step = Step.PROBE;
    try {
      return far.greet(sendScript, tools.limits());
    } catch (VisitEnd end) {
      far.close();
      throw end;
    }
  }

  private boolean isEnrolmentKey(String line) {
    if (line == null) {
      return false; // a login by password
    }
    return tools.documents().settings().agents().stream()
        .map(AgentAddress::enrolmentKey)
        .anyMatch(key -> blob(key).equals(blob(line)));
  }

  private static String blob(String publicKeyLine) {
    String[] word = publicKeyLine.split(" ");
    return word.length < 2 ? publicKeyLine : word[1];
  }

  private VisitEnd end(Outcome outcome, String reason) {
    return new VisitEnd(outcome, step, reason);
  }
}

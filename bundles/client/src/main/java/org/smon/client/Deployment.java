// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.smon.api.Deployer;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.LoginAgent;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;
import org.smon.deployer.Limits;
import org.smon.deployer.SshDeployer;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;

/**
 * Puts the first peer in place and watches the overlay spread itself (R5). Everything after the
 * first peer is the peers' work.
 */
public final class Deployment {
  private static final int POLL_MILLIS = 700;
  private static final int PROBED_TOGETHER = 32;

  /** Once for what the agent holds newer, once for what the machine does. */
  private static final int MOST_OLDER = 2;

  private final ClientHome home;
  private final Console console;
  private final LoginAgent agent;
  private final Deployer deployer;
  private final StatusSource source;
  private final Progress progress;
  private final long deadlineNanos;

  Deployment(
      ClientHome home, Console console, LoginAgent agent, Deployer deployer, int timeoutSeconds) {
    this.home = home;
    this.console = console;
    this.agent = agent;
    this.deployer = deployer;
    this.source = StatusSource.of(home);
    this.progress = new Progress(console);
    this.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
  }

  /** With the agents that the settings name. */
  public static Deployment viaAgents(ClientHome home, Console console, int timeoutSeconds)
      throws IOException {
    return by(new AgentChoice(home, console).ofSettings(), home, console, timeoutSeconds);
  }

  static Deployment by(LoginAgent agent, ClientHome home, Console console, int timeoutSeconds)
      throws IOException {
    Deployer deployer =
        new SshDeployer(
            home.documents(),
            home.releases(),
            home.blobs(),
            home.channel(),
            agent,
            home.events(),
            Limits.DEFAULT);
    return new Deployment(home, console, agent, deployer, timeoutSeconds);
  }

  /**
   * Blocks until every machine is online, or throws: exit status 1 if no first peer could be
   * placed, 3 if the time is over. Either way the table says how far each machine got.
   *
   * @param first where to begin, or null for the first machine that can be reached
   */
  public StatusAnswer run(String first) {
    switchOn();
    if (first != null || !alreadyThere()) {
      place(first);
    }
    StatusAnswer status = watch();
    progress.end();
    StatusView.print(status, console.people());
    if (!complete(status)) {
      throw FailedException.notConverged(
          "%d of %d machines are online after %.0f s; the overlay goes on trying, see `smon status`"
              .formatted(status.summary().online(), status.summary().total(), progress.seconds()));
    }
    console.say(
        "all %d machines online in %.1f s".formatted(status.summary().total(), progress.seconds()));
    return status;
  }

  /** An overlay that lives needs no first peer, only the newest documents. */
  private boolean alreadyThere() {
    if (!home.everAnswered()) {
      return false;
    }
    try {
      source.ask();
    } catch (Overlay.SilentException e) {
      return false;
    }
    progress.say("the overlay is there already; its peers deploy what is missing");
    new LivetagChange(home, console).say(Livetag.on());
    Publication publication = new Publication(home, console);
    publication.publish(DocumentType.SETTINGS);
    publication.publish(DocumentType.LIST);
    return true;
  }

  /** To deploy is to want peers, whatever was wanted before (R27). */
  private void switchOn() {
    if (!home.documents().livetag().value()) {
      LivetagChange.sign(home, Livetag.on());
      progress.say("livetag was false; it is true from now on");
    }
  }

  private void place(String first) {
    List<Machine> machines = home.documents().list().machines();
    if (machines.isEmpty()) {
      throw new FailedException("the machine list is empty; add machines: smon machines add HOST");
    }
    if (first != null) {
      Machine machine =
          home.documents()
              .list()
              .find(first)
              .orElseThrow(() -> new FailedException("machine " + first + " is not in the list"));
      placeOnOne(List.of(machine));
      return;
    }
    requireAgent(machines.get(0));
    for (int i = 0; i < machines.size(); i += PROBED_TOGETHER) {
      var some = machines.subList(i, Math.min(machines.size(), i + PROBED_TOGETHER));
      // Silent machines cost a connect time-out each, so they are sorted out side by side.
      for (MachineStatus seen : SshProbe.probe(some, Map.of())) {
        if (seen.state() == MachineStatus.State.unreachable) {
          progress.say(seen.name() + " unreachable: " + seen.reason());
        } else if (placed(home.documents().list().find(seen.name()).orElseThrow())) {
          return;
        }
      }
    }
    throw nobody(machines.size());
  }

  /** Before the first ssh port is touched: without an agent there is nothing to do there. */
  private void requireAgent(Machine any) {
    try {
      agent.permit(new LoginRequest("client", any.name(), home.documents().versions()));
    } catch (RefusedException e) {
      return; // an agent answers; what it refuses is told machine by machine
    } catch (IOException e) {
      throw new FailedException("the agent gives no permission: " + e.getMessage(), e);
    }
  }

  private void placeOnOne(List<Machine> machines) {
    if (machines.stream().noneMatch(this::placed)) {
      throw nobody(machines.size());
    }
  }

  private static FailedException nobody(int tried) {
    return new FailedException(
        "no first peer could be placed on any of " + tried + " machines; the reasons stand above");
  }

  private boolean placed(Machine machine) {
    progress.say("placing the first peer on " + machine.name() + " over ssh");
    VisitReport report = visit(machine);
    for (int i = 0; i < MOST_OLDER && report.outcome() == Outcome.OLDER; i++) {
      switchOn(); // the agent or the machine held newer documents, which are ours now
      report = visit(machine);
    }
    if (report.step() == Step.AGENT && !report.peerRuns()) {
      throw new FailedException("the agent gives no permission: " + report.reason());
    }
    progress.say(told(report));
    // BUSY: somebody else is putting a peer there this very moment, and watching is what is left.
    return report.peerRuns() || report.outcome() == Outcome.BUSY;
  }

  private VisitReport visit(Machine machine) {
    String list = home.documents().held(DocumentType.LIST).orElseThrow().hash();
    Work all = new Work(list, 0, home.documents().list().size());
    return deployer.visit(new Visit(machine, "client", all));
  }

  private static String told(VisitReport report) {
    String seconds = "%.1f s".formatted(report.millis() / 1000.0);
    return switch (report.outcome()) {
      case DEPLOYED ->
          "%s deployed: %.1f MB sent, installed and started in %s"
              .formatted(report.machine(), report.sentBytes() / 1e6, seconds);
      case RECOVERED -> report.machine() + " recovered: its peer was installed, and started again";
      case ALIVE -> report.machine() + " has a live peer; nothing was touched";
      default ->
          "%s %s at step %s: %s"
              .formatted(
                  report.machine(), word(report.outcome()), word(report.step()), report.reason());
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  private StatusAnswer watch() {
    StatusAnswer status = source.read().status();
    progress.show(status);
    while (!complete(status) && System.nanoTime() - deadlineNanos < 0) {
      pause();
      try {
        status = source.ask();
        progress.show(status);
      } catch (Overlay.SilentException e) {
        // The first peer is alone and may be busy for a moment; the deadline bounds the wait.
      }
    }
    return complete(status) ? status : source.read().status();
  }

  private static boolean complete(StatusAnswer status) {
    return status.summary().online() == status.summary().total();
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}

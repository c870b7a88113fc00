// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.Keyring;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.deployer.Limits;
import org.smon.deployer.SshDeployer;
import org.smon.security.KeChannel;
import org.smon.security.OverlayKey;
import org.smon.transport.CxfConnections;
import org.smon.wire.MachineStatus;

/**
 * A new K_E after the old one leaked (R41): whoever can hear the overlay may be a stranger, so the
 * new key goes to each machine over ssh, and no phase trusts both. The client begins; machines that
 * have the new key bring it to those that are silent to them, so whatever stops this verb stops
 * nothing.
 */
final class LeakedKey {
  private static final int VISITED_TOGETHER = 32;
  private static final String BROUGHT = "brought, but its peer does not answer";
  private static final int POLL_MILLIS = 500;
  private static final int AGENT_MILLIS = 3_000;

  /** A visited peer finds what was laid down within some seconds. */
  private static final int SETTLING_SECONDS = 10;

  /** Then its fellows' back-off decides when it is tried again. */
  private static final int MOST_VISITS = 3;

  private final ClientHome home;
  private final Console console;
  private final StatusSource source;
  private final AgentChoice agents;
  private final long startNanos = System.nanoTime();
  private final int timeoutSeconds;

  LeakedKey(ClientHome home, Console console, int timeoutSeconds) {
    this.home = home;
    this.console = console;
    this.timeoutSeconds = timeoutSeconds;
    source = StatusSource.of(home);
    agents = new AgentChoice(home, console);
  }

  /** Blocks until all machines of the list are online under it; exit status 3 if time is over. */
  void replace() throws IOException {
    boolean on = home.everAnswered() && home.documents().livetag().value();
    if (on && !agents.anyAnswers()) {
      throw new FailedException(
          "no agent answers, and the new key is brought over ssh; start one: smon agent --key FILE");
    }
    OverlayKey old = home.keys().keys().get(home.channel().keyId());
    sign();
    tellAgents(old);
    if (on) {
      awaitAgent();
      bring();
      new Publication(home, console).publish(DocumentType.KEYRING);
    } else {
      console.say("no peer runs; the machines get it with the next `smon deploy`");
    }
    home.removeOldKeys();
  }

  private void sign() throws IOException {
    OverlayKey next = OverlayKey.generate();
    home.keys().add(next);
    home.sign(DocumentType.KEYRING, Keyring.afterLeak(next.keyId()).body());
    console.say("K_E is new; it goes to the machines over ssh alone");
  }

  /** Of the keyring, not of the key; one that runs from this home sees both in its files. */
  private void tellAgents(OverlayKey old) {
    String keyring = home.documents().held(DocumentType.KEYRING).orElseThrow().text();
    try (CxfConnections under = new CxfConnections(new KeChannel(old))) {
      for (AgentAddress agent : home.documents().settings().agents()) {
        try {
          under.agent(agent.host(), agent.port(), agent.publicKey(), AGENT_MILLIS).offer(keyring);
        } catch (UncheckedIOException | RefusedException e) {
          continue; // it has turned already, or is down
        }
      }
    }
  }

  private void awaitAgent() {
    boolean asked = false;
    while (!agents.anyAnswers()) {
      if (!asked && seconds() > SETTLING_SECONDS) {
        asked = true;
        console.say(
            "waiting for an agent under the new key: copy %s into the directory keys of its home, by scp"
                .formatted(home.keys().file(home.channel().keyId())));
      }
      if (seconds() >= timeoutSeconds) {
        throw FailedException.notConverged(
            "no agent answers under the new key, so no machine has it yet; once one does, `smon deploy` goes on");
      }
      pause();
    }
  }

  private void bring() throws IOException {
    Set<String> behind = new TreeSet<>();
    home.documents().list().machines().stream().map(Machine::name).forEach(behind::add);
    int all = behind.size();
    Map<String, String> reasons = new TreeMap<>();
    try (SshDeployer deployer =
        new SshDeployer(
            home.documents(),
            home.releases(),
            home.blobs(),
            home.channel(),
            agents.ofSettings(),
            home.events(),
            Limits.DEFAULT)) {
      for (int round = 0; !behind.isEmpty(); round++) {
        if (round < MOST_VISITS) {
          visit(deployer, behind, reasons);
        }
        awaitSettled(behind);
        console.say(
            "%d of %d machines have the new key after %.1f s"
                .formatted(all - behind.size(), all, seconds()));
        if (seconds() >= timeoutSeconds && !behind.isEmpty()) {
          throw FailedException.notConverged(
              "these have not yet, the overlay goes on bringing it: " + told(behind, reasons));
        }
      }
    }
  }

  private static String told(Set<String> behind, Map<String, String> reasons) {
    return behind.stream()
        .map(name -> name + " (" + reasons.getOrDefault(name, "not visited yet") + ")")
        .collect(Collectors.joining(", "));
  }

  private void visit(SshDeployer deployer, Set<String> behind, Map<String, String> reasons) {
    ExecutorService threads = Executors.newFixedThreadPool(VISITED_TOGETHER);
    try {
      List<Future<VisitReport>> visits = new ArrayList<>();
      for (String name : behind) {
        if (BROUGHT.equals(reasons.get(name))) {
          continue; // another login would bring nothing more
        }
        Machine machine = home.documents().list().find(name).orElseThrow();
        visits.add(threads.submit(() -> deployer.visit(new Visit(machine, "client", null))));
      }
      for (Future<VisitReport> visit : visits) {
        VisitReport report = visit.get();
        reasons.put(report.machine(), report.peerRuns() ? BROUGHT : report.reason());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    } catch (ExecutionException e) {
      throw new FailedException(Main.told(e.getCause()), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private void awaitSettled(Set<String> behind) {
    long counter = home.documents().versions().counter(DocumentType.KEYRING);
    double until = Math.min(timeoutSeconds, seconds() + SETTLING_SECONDS);
    while (!behind.isEmpty() && seconds() < until) {
      pause();
      try {
        source.ask().machines().stream()
            .filter(m -> m.state() == MachineStatus.State.online && KeyView.worksBy(m, counter))
            .forEach(m -> behind.remove(m.name()));
      } catch (Overlay.SilentException e) {
        continue; // none has found it yet
      }
    }
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.Release;
import org.smon.api.Visit;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * One visit from the agent's permission to the peer's first heartbeat. Used once, by one thread.
 */
final class MachineVisit {
  private final SshDeployer.Tools tools;
  private final Visit visit;
  private final Machine machine;
  private final KeyHandover keys;
  private Step step = Step.PROBE;
  private Payload payload;

  MachineVisit(SshDeployer.Tools tools, Visit visit) {
    this.tools = tools;
    this.visit = visit;
    machine = visit.machine();
    keys = new KeyHandover(tools);
  }

  Step step() {
    return step;
  }

  long sentBytes() {
    return payload == null ? 0 : payload.sentBytes();
  }

  /** The way a visit ends well; all others are thrown. */
  VisitEnd run() throws VisitEnd {
    if (visit.purpose() == Visit.Purpose.CLEAN) {
      return new Removal(tools, visit).run();
    }
    try (FarEnd far = new Arrival(tools, visit).arrive()) {
      far.ask(
          Step.PROBE, tools.limits().answerMillis(), "overlay " + tools.documents().overlayId());
      return decide(far);
    }
  }

  // Probe, claim, adopt before repair.

  private VisitEnd decide(FarEnd far) throws VisitEnd {
    int millis = tools.limits().answerMillis();
    Report found = Report.of(far.ask(Step.PROBE, millis, "probe").lines());
    Exchange exchange = new Exchange(tools, machine.name());
    exchange.adoptFrom(far, found);
    Suitability.require(found, machine, tools.documents());
    if (lives(found) && !keys.isDueTo(found)) {
      return living(found);
    }
    if (lives(found)) {
      return rekey(far, claim(far));
    }
    Release release = release();
    Suitability.requireRoom(found, release);

    // Another deployer may have been here between the probe and the claim.
    Report mine = claim(far);
    if (lives(mine)) {
      return living(mine);
    }
    step = Step.ADOPT;
    exchange.adoptFrom(far, mine);
    VisitEnd done = hasIt(mine) ? revive(far, mine) : deploy(far, mine, release);
    far.ask(Step.START, millis, "bye");
    return done;
  }

  private Report claim(FarEnd far) throws VisitEnd {
    step = Step.CLAIM;
    String command = "claim " + machine.name() + " " + visit.deployedBy();
    FarEnd.Answer claimed = far.ask(step, tools.limits().answerMillis(), command);
    if (claimed.busy()) {
      throw end(Outcome.BUSY, "claimed by " + claimed.rest());
    }
    emit("claim", "claimed by " + visit.deployedBy());
    return Report.of(claimed.lines());
  }

  /** Its peer lives and stays untouched; it finds by itself what is laid down for it. */
  private VisitEnd rekey(FarEnd far, Report report) throws VisitEnd {
    step = Step.ADOPT;
    new Exchange(tools, machine.name()).adoptFrom(far, report);
    boolean due = keys.isDueTo(report);
    String brought = "its peer lives and was brought keyring " + tools.channel().keyring();
    if (due) {
      keys.bringKeyring(far);
      keys.bringKeys(far, report);
      emit("rekey", brought);
    }
    far.ask(Step.START, tools.limits().answerMillis(), "bye");
    return due ? new VisitEnd(Outcome.ALIVE, Step.START, brought) : living(report);
  }

  private static boolean lives(Report report) {
    return report.peer().equals("alive") || report.peer().equals("starting");
  }

  private VisitEnd living(Report report) {
    if (report.peer().equals("alive")) {
      return new VisitEnd(Outcome.ALIVE, Step.START, unreached());
    }
    return end(Outcome.BUSY, "a peer is starting there (pid " + report.pid() + ")");
  }

  private String unreached() {
    return "port %d closed from %s"
        .formatted(tools.documents().settings().gossipPort(), visit.deployedBy());
  }

  /** Installed whole: this very release, or one that the machine has got by an upgrade since. */
  private boolean hasIt(Report report) throws VisitEnd {
    Document mine = releaseDocument();
    return report.installed().equals(mine.hash())
        || !report.installed().isEmpty() && report.installedCounter() > mine.counter();
  }

  private Document releaseDocument() throws VisitEnd {
    Optional<Document> held = tools.releases().deployable();
    return held.orElseThrow(
        () -> end(Outcome.FAILED, "no release is held here that could be deployed"));
  }

  private Release release() throws VisitEnd {
    return Release.ofBody(releaseDocument().body());
  }

  private VisitEnd revive(FarEnd far, Report report) throws VisitEnd {
    step = Step.ADOPT;
    new Exchange(tools, machine.name()).handIn(far, report);
    keys.bringKeys(far, report);
    return start(far, Outcome.RECOVERED);
  }

  private VisitEnd deploy(FarEnd far, Report report, Release release) throws VisitEnd {
    int millis = tools.limits().answerMillis();
    step = Step.ADOPT;
    byte[] genesis = utf8(tools.documents().genesis().text());
    far.ask(step, millis, "genesis " + genesis.length, genesis);
    Exchange exchange = new Exchange(tools, machine.name());
    List<DocumentType> later = exchange.handIn(far, report);

    step = Step.COPY;
    payload = new Payload(tools.blobs(), far);
    byte[] manifest = utf8(releaseDocument().text());
    List<String> missing =
        far.ask(step, tools.limits().installMillis(), "manifest " + manifest.length, manifest)
            .lines();
    payload.send(missing, release, tools.limits().installMillis());
    emit("copy", payload.sentBytes() + " bytes of release " + release.version());
    keys.bringKeys(far, report);

    step = Step.INSTALL;
    far.ask(step, tools.limits().installMillis(), "install " + visit.deployedBy());
    emit("install", "release " + release.version());
    exchange.handIn(far, later);
    return start(far, Outcome.DEPLOYED);
  }

  /** The peer of the report's time may turn out to have been slow, not frozen. */
  private VisitEnd start(FarEnd far, Outcome started) throws VisitEnd {
    step = Step.START;
    requireStillWanted();
    if (visit.share() != null) {
      far.ask(step, tools.limits().answerMillis(), "work " + visit.share().line());
    }
    int seconds = tools.limits().startSeconds();
    long millis = seconds * 1000L + tools.limits().answerMillis();
    boolean lives = far.ask(step, millis, "start " + seconds).busy();
    return lives
        ? new VisitEnd(Outcome.ALIVE, Step.START, unreached())
        : new VisitEnd(started, Step.START, null);
  }

  /** A visit takes its time, in which the operator may have said something else. */
  private void requireStillWanted() throws VisitEnd {
    if (!tools.documents().list().contains(machine.name())) {
      throw end(Outcome.OLDER, "the list does not name it any more");
    }
    if (!tools.documents().livetag().value() && !visit.deployedBy().equals("client")) {
      throw end(Outcome.OLDER, "self-management was switched off meanwhile");
    }
  }

  private void emit(String kind, String cause) {
    tools.events().emit(kind, machine.name(), cause, Map.of());
  }

  private VisitEnd end(Outcome outcome, String reason) {
    return new VisitEnd(outcome, step, reason);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

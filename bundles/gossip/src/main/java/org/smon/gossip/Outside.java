// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.smon.api.Deployer;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.Machine;
import org.smon.api.RefusedException;
import org.smon.api.Settings;
import org.smon.api.Version;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.core.Effects;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;
import org.smon.wire.ProbeAnswer;
import org.smon.wire.ProbeMessage;
import org.smon.wire.VisitNotice;
import org.smon.wire.WireVersion;
import org.smon.wire.WorkMessage;

/**
 * The world as the core's effects reach it: each runs on a worker and brings its answer back to the
 * loop. Exactly one answer a token, whatever happens.
 */
final class Outside implements Effects {
  private static final int MOST_STRANGERS = 256;

  private final LocalPeer self;
  private final Documents documents;
  private final Connections connections;
  private final Deployer deployer;
  private final Courier courier;
  private final Sightings sightings;
  private final Events events;
  private final ExecutorService workers;
  private final Answers answers;

  /** Machines whose wire versions were told of. */
  private final Set<String> strangers = ConcurrentHashMap.newKeySet();

  /** Where answers go; called on a worker. */
  interface Answers {
    int workLeft();

    void pong(long token, Ping pong);

    void pingLost(long token, boolean closed, String reason);

    void probed(long token, ProbeAnswer answer);

    void probeLost(long token);

    void visited(long token, VisitReport report);

    void work(long token, WorkMessage answer);

    void workLost(long token);

    void wakeAt(long millis);

    void stop(String cause);
  }

  Outside(
      LocalPeer self,
      Documents documents,
      Connections connections,
      Deployer deployer,
      Courier courier,
      Sightings sightings,
      Events events,
      ExecutorService workers,
      Answers answers) {
    this.self = self;
    this.documents = documents;
    this.connections = connections;
    this.deployer = deployer;
    this.courier = courier;
    this.sightings = sightings;
    this.events = events;
    this.workers = workers;
    this.answers = answers;
  }

  @Override
  public void ping(long token, String machine, boolean suspected) {
    int workLeft = answers.workLeft();
    onWorker(
        () -> {
          try {
            PeerApi peer = peer(machine);
            Ping pong = peer.ping(ping(workLeft, suspected));
            if (WireVersion.common(pong.wireMin(), pong.wireMax()).isPresent()) {
              answers.pong(token, pong);
              courier.settle(machine, peer, pong.conflicts());
            } else {
              answers.pong(token, signOfLife(machine, pong));
            }
          } catch (RuntimeException | RefusedException e) { // whatever it was, no pong came
            answers.pingLost(token, Unanswered.closed(e), Courier.reason(e));
          }
        });
  }

  /** It lives; what it says of itself cannot be understood, nor can it be told anything (R25). */
  private Ping signOfLife(String machine, Ping pong) {
    if (strangers.size() < MOST_STRANGERS && strangers.add(machine)) {
      events.emit(
          "wire",
          machine,
          "it speaks wire versions %d to %d, this peer %d to %d"
              .formatted(pong.wireMin(), pong.wireMax(), WireVersion.MIN, WireVersion.MAX),
          Map.of());
    }
    return Ping.of(null, machine, pong.startedMillis(), documents.versions(), 0);
  }

  /** The one asked takes up to a ping time-out itself. */
  @Override
  public void probe(long token, String through, String machine) {
    onWorker(
        () -> {
          Settings settings = documents.settings();
          int timeoutMillis = 2 * settings.pingTimeoutMillis();
          try {
            answers.probed(
                token,
                connections
                    .peer(through, settings.gossipPort(), timeoutMillis)
                    .probe(new ProbeMessage(self.name(), machine)));
          } catch (RuntimeException | RefusedException e) {
            answers.probeLost(token);
          }
        });
  }

  @Override
  public void notice(String to, String machine, Outcome outcome, Step step) {
    onWorker(
        () -> {
          try {
            peer(to).visited(new VisitNotice(self.name(), machine, outcome, step));
          } catch (RuntimeException | RefusedException e) {
            // a warden that is not there keeps no back-off; another does
          }
        });
  }

  @Override
  public void visit(long token, Machine machine) {
    sightings.visiting(machine.name());
    onWorker(
        () -> {
          VisitReport report = visit(machine);
          sightings.visited(report);
          answers.visited(token, report);
        });
  }

  /**
   * A deployer never throws; one that does all the same must not leave its machine without an
   * answer.
   */
  private VisitReport visit(Machine machine) {
    try {
      return deployer.visit(new Visit(machine, self.name(), null));
    } catch (RuntimeException e) {
      return new VisitReport(
          machine.name(), VisitReport.Outcome.FAILED, VisitReport.Step.CONNECT, e.toString(), 0, 0);
    }
  }

  @Override
  public void askWork(long token, String machine) {
    onWorker(
        () -> {
          try {
            answers.work(token, peer(machine).work(new WorkMessage(self.name(), null)));
          } catch (RuntimeException | RefusedException e) {
            answers.workLost(token);
          }
        });
  }

  @Override
  public void fetch(DocumentType type, Version version, String from) {
    onWorker(() -> withPeer(from, peer -> courier.fetch(type, from, peer)));
  }

  @Override
  public void push(DocumentType type, String to) {
    onWorker(() -> withPeer(to, peer -> courier.push(type, to, peer)));
  }

  @Override
  public void wakeAt(long millis) {
    answers.wakeAt(millis);
  }

  @Override
  public void stop(String cause) {
    answers.stop(cause);
  }

  @Override
  public void emit(String kind, String machine, String cause) {
    events.emit(kind, machine, cause, Map.of());
  }

  private Ping ping(int workLeft, boolean suspected) {
    return Ping.of(
            self.overlay(),
            self.name(),
            self.started().toEpochMilli(),
            courier.told(documents.versions()),
            workLeft)
        .withConflicts(courier.conflictsDigest())
        .withSuspectedBy(suspected ? self.name() : null);
  }

  /** Where there is no way to a peer, the next round tries another. */
  private void withPeer(String machine, Consumer<PeerApi> conversation) {
    try {
      conversation.accept(peer(machine));
    } catch (UncheckedIOException e) {
      events.emit("push", machine, Courier.reason(e), Map.of());
    }
  }

  private PeerApi peer(String machine) {
    Settings settings = documents.settings();
    return connections.peer(machine, settings.gossipPort(), settings.pingTimeoutMillis());
  }

  private void onWorker(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      events.emit("stop", self.name(), "stopping; a step was dropped", Map.of());
    }
  }
}

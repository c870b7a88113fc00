// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.smon.api.Deployer;
import org.smon.api.Document;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.api.VisitReport;
import org.smon.api.Vitals;
import org.smon.api.Work;
import org.smon.core.CoreConfig;
import org.smon.core.Held;
import org.smon.core.PeerCore;
import org.smon.core.Pong;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.Connections;
import org.smon.wire.Ping;
import org.smon.wire.ProbeAnswer;
import org.smon.wire.ProbeMessage;
import org.smon.wire.VisitNotice;
import org.smon.wire.WorkMessage;

/** Feeds the core: every input becomes a task of the one loop, in the order it came. */
final class Driver implements Outside.Answers, Documents.Listener, Vitals {
  private final LocalPeer self;
  private final Documents documents;
  private final VisitNotes notes;
  private final Courier courier;
  private final Events events;
  private final Loop loop;
  private final Ending ending;
  private final PeerCore core;

  /** Written by the loop, read by workers that put it in a ping. */
  private volatile int workLeft;

  private final AtomicLong pongs = new AtomicLong();
  private Held held;
  private Future<?> nextWake;

  Driver(
      LocalPeer self,
      Documents documents,
      VisitNotes notes,
      Connections connections,
      Deployer deployer,
      Courier courier,
      Sightings sightings,
      Events events,
      Loop loop,
      ExecutorService workers,
      Ending ending) {
    this.self = self;
    this.documents = documents;
    this.notes = notes;
    this.courier = courier;
    this.events = events;
    this.loop = loop;
    this.ending = ending;
    Outside outside =
        new Outside(
            self, documents, connections, deployer, courier, sightings, events, workers, this);
    core = new PeerCore(self.name(), CoreConfig.smon(), new SecureRandom(), outside);
  }

  void start() {
    documents.subscribe(this);
    loop.run(
        () -> {
          held = Held.of(documents, null);
          core.start(
              Loop.now(), held, notes.takeWork().orElse(null), notes.deployedBy().orElse(null));
          noteWork();
        });
  }

  void stop() {
    documents.unsubscribe(this);
  }

  /** Answers a ping; one's own, and a client's, are answered but are no part of the protocol. */
  Ping answer(Ping ping) throws RefusedException {
    boolean fromPeer = documents.list().contains(ping.from()) && !ping.from().equals(self.name());
    if (!fromPeer) {
      return pong(new Pong(documents.versions(), workLeft));
    }
    return pong(
        loop.ask(
            () ->
                core.onPing(
                    Loop.now(),
                    ping.from(),
                    ping.versions(),
                    ping.workLeft(),
                    ping.suspectedBy())));
  }

  /** Who asks this warden whether a machine lives also learns how long to leave it alone. */
  ProbeAnswer answer(ProbeMessage request, boolean answered) throws RefusedException {
    requireListed(request.from(), "only a machine of the list is told of another");
    long hold =
        loop.ask(() -> core.onProbe(Loop.now(), request.from(), request.machine(), answered));
    return new ProbeAnswer(answered, hold);
  }

  void take(VisitNotice notice) throws RefusedException {
    requireListed(notice.from(), "only a machine of the list tells of its visits");
    step(() -> core.onNotice(Loop.now(), notice.machine(), notice.outcome(), notice.step()));
  }

  WorkMessage giveWork(WorkMessage request) throws RefusedException {
    requireListed(request.from(), "only a machine of the list is given work");
    Work given =
        loop.ask(
            () -> {
              Work half = core.onWorkAsked(Loop.now(), request.from());
              noteWork();
              return half;
            });
    return new WorkMessage(self.name(), given);
  }

  @Override
  public void adopted(Document document) {
    step(
        () -> {
          held = Held.of(documents, held == null ? null : held.roster());
          core.onDocuments(Loop.now(), held);
        });
  }

  @Override
  public long pongsReceived() {
    return pongs.get();
  }

  @Override
  public int workLeft() {
    return workLeft;
  }

  @Override
  public void pong(long token, Ping pong) {
    pongs.incrementAndGet();
    step(() -> core.onPong(Loop.now(), token, pong.versions(), pong.workLeft()));
  }

  @Override
  public void pingLost(long token, boolean closed, String reason) {
    step(() -> core.onPingLost(Loop.now(), token, closed, reason));
  }

  @Override
  public void probed(long token, ProbeAnswer answer) {
    step(() -> core.onProbed(Loop.now(), token, answer.answered(), answer.holdMillis()));
  }

  @Override
  public void probeLost(long token) {
    step(() -> core.onProbeLost(Loop.now(), token));
  }

  @Override
  public void visited(long token, VisitReport report) {
    step(() -> core.onVisited(Loop.now(), token, report));
  }

  @Override
  public void work(long token, WorkMessage answer) {
    step(() -> core.onWork(Loop.now(), token, answer.share()));
  }

  @Override
  public void workLost(long token) {
    step(() -> core.onWorkLost(Loop.now(), token));
  }

  /** Called on the loop. One wish at a time: else each stale one would bring forth another. */
  @Override
  public void wakeAt(long millis) {
    if (nextWake != null) {
      nextWake.cancel(false);
    }
    nextWake =
        loop.at(
            millis,
            () -> {
              core.wake(Loop.now());
              noteWork();
            });
  }

  /** Called on the loop. The event comes first: it is on disk when the process is gone. */
  @Override
  public void stop(String cause) {
    events.emit("stop", self.name(), cause, Map.of());
    ending.end();
  }

  private void step(Runnable input) {
    loop.run(
        () -> {
          input.run();
          noteWork();
        });
  }

  private void requireListed(String name, String refusal) throws RefusedException {
    if (name == null || !documents.list().contains(name)) {
      throw new RefusedException(refusal);
    }
  }

  private void noteWork() {
    workLeft = core.workLeft();
  }

  private Ping pong(Pong pong) {
    return Ping.of(
            null, // who asked knows it
            self.name(),
            self.started().toEpochMilli(),
            courier.told(pong.versions()),
            pong.workLeft())
        .withConflicts(ConflictsMessage.digest(documents.conflictHashes()));
  }
}

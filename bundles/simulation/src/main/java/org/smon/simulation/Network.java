// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.function.Consumer;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;
import org.smon.core.Policy;
import org.smon.core.Pong;

/** Messages between peers: each way takes its time and may be lost. */
final class Network {
  private final World world;
  private long pingsReceived;

  Network(World world) {
    this.world = world;
  }

  long pingsReceived() {
    return pingsReceived;
  }

  void ping(VirtualPeer from, long token, VirtualMachine to) {
    long deadline = world.now() + world.options().pingTimeoutMillis();
    Runnable lost =
        () -> world.timetable().at(deadline, whileAlive(from, p -> lost(p, token, false)));
    Runnable closed = () -> refuse(from, to, lost, whileAlive(from, p -> lost(p, token, true)));
    send(
        from,
        to,
        lost,
        closed,
        target -> {
          Pong pong = pong(target, from);
          answer(from, to, deadline, lost, p -> pong(p, token, pong));
        });
  }

  void notice(VirtualPeer from, VirtualMachine to, String about, Outcome outcome, Step step) {
    send(from, to, () -> {}, target -> target.core().onNotice(world.now(), about, outcome, step));
  }

  /** The warden pings the machine itself, and answers when it knows. */
  void probe(VirtualPeer from, long token, VirtualMachine through, VirtualMachine machine) {
    long deadline = world.now() + 2L * world.options().pingTimeoutMillis();
    Runnable lost =
        () ->
            world
                .timetable()
                .at(deadline, whileAlive(from, p -> p.core().onProbeLost(world.now(), token)));
    send(
        from,
        through,
        lost,
        warden -> {
          long wardenDeadline = world.now() + world.options().pingTimeoutMillis();
          Runnable silent =
              () ->
                  world
                      .timetable()
                      .at(
                          wardenDeadline,
                          whileAlive(
                              warden,
                              w -> answerProbe(from, w, machine, false, deadline, lost, token)));
          send(
              warden,
              machine,
              silent,
              target -> {
                pong(target, warden);
                answer(
                    warden,
                    machine,
                    wardenDeadline,
                    silent,
                    w -> answerProbe(from, w, machine, true, deadline, lost, token));
              });
        });
  }

  private Pong pong(VirtualPeer target, VirtualPeer from) {
    pingsReceived++;
    return target
        .core()
        .onPing(
            world.now(),
            from.machine().entry().name(),
            from.held().versions(),
            from.core().workLeft());
  }

  private void answerProbe(
      VirtualPeer from,
      VirtualPeer warden,
      VirtualMachine machine,
      boolean answered,
      long deadline,
      Runnable lost,
      long token) {
    long hold =
        warden
            .core()
            .onProbe(world.now(), from.machine().entry().name(), machine.entry().name(), answered);
    answer(
        from,
        warden.machine(),
        deadline,
        lost,
        p -> p.core().onProbed(world.now(), token, answered, hold));
  }

  void askWork(VirtualPeer from, long token, VirtualMachine to) {
    long deadline = world.now() + world.options().pingTimeoutMillis();
    Runnable lost =
        () ->
            world
                .timetable()
                .at(deadline, whileAlive(from, p -> p.core().onWorkLost(world.now(), token)));
    send(
        from,
        to,
        lost,
        target -> {
          Work share = target.core().onWorkAsked(world.now(), from.machine().entry().name());
          answer(from, to, deadline, lost, p -> p.core().onWork(world.now(), token, share));
        });
  }

  void fetch(VirtualPeer from, VirtualMachine to) {
    send(
        from,
        to,
        () -> {},
        target -> answer(from, to, Long.MAX_VALUE, () -> {}, p -> p.offer(target.held())));
  }

  void push(VirtualPeer from, VirtualMachine to) {
    send(from, to, () -> {}, target -> target.offer(from.held()));
  }

  private void lost(VirtualPeer peer, long token, boolean closed) {
    String reason =
        closed
            ? "connection refused"
            : "no answer within " + world.options().pingTimeoutMillis() + " ms";
    peer.core().onPingLost(world.now(), token, closed, reason);
  }

  /** A machine that is up says that nobody listens; the paper's peers only know time-outs. */
  private void refuse(VirtualPeer from, VirtualMachine by, Runnable lost, Runnable arrived) {
    boolean told = by.isUp() && world.options().policy() == Policy.SMON;
    if (!told || world.chance().happens(world.options().loss())) {
      lost.run();
    } else {
      world.timetable().in(latency(from, by), arrived);
    }
  }

  private void pong(VirtualPeer peer, long token, Pong pong) {
    peer.core().onPong(world.now(), token, pong.versions(), pong.workLeft());
  }

  private void send(
      VirtualPeer from, VirtualMachine to, Runnable lost, Consumer<VirtualPeer> arrived) {
    send(from, to, lost, lost, arrived);
  }

  private void send(
      VirtualPeer from,
      VirtualMachine to,
      Runnable lost,
      Runnable closed,
      Consumer<VirtualPeer> arrived) {
    if (world.chance().happens(world.options().loss())) {
      lost.run();
      return;
    }
    long latency = latency(from, to);
    world
        .timetable()
        .in(
            latency,
            () -> {
              if (to.lives()) {
                arrived.accept(to.peer());
              } else {
                closed.run();
              }
            });
  }

  private void answer(
      VirtualPeer asker,
      VirtualMachine by,
      long deadline,
      Runnable lost,
      Consumer<VirtualPeer> arrived) {
    long arrival = world.now() + latency(asker, by);
    if (world.chance().happens(world.options().loss()) || arrival > deadline) {
      lost.run();
    } else {
      world.timetable().at(arrival, whileAlive(asker, arrived));
    }
  }

  private long latency(VirtualPeer a, VirtualMachine b) {
    return world.chance().latency(a.machine().isSlow() || b.isSlow());
  }

  private static Runnable whileAlive(VirtualPeer peer, Consumer<VirtualPeer> action) {
    return () -> {
      if (peer.isAlive()) {
        action.accept(peer);
      }
    };
  }
}

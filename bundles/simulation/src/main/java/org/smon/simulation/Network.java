// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.function.Consumer;
import org.smon.api.Work;
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
    Runnable lost = () -> world.timetable().at(deadline, whileAlive(from, p -> lost(p, token)));
    send(
        from,
        to,
        lost,
        target -> {
          pingsReceived++;
          Pong pong =
              target
                  .core()
                  .onPing(
                      world.now(),
                      from.machine().entry().name(),
                      from.held().versions(),
                      from.core().workLeft());
          answer(from, to, deadline, lost, p -> pong(p, token, pong));
        });
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

  private void lost(VirtualPeer peer, long token) {
    peer.core()
        .onPingLost(
            world.now(), token, "no answer within " + world.options().pingTimeoutMillis() + " ms");
  }

  private void pong(VirtualPeer peer, long token, Pong pong) {
    peer.core().onPong(world.now(), token, pong.versions(), pong.workLeft());
  }

  private void send(
      VirtualPeer from, VirtualMachine to, Runnable lost, Consumer<VirtualPeer> arrived) {
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
                lost.run();
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

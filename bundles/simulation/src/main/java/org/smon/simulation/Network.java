// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.function.Consumer;
import org.smon.api.DocumentType;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;
import org.smon.core.Policy;
import org.smon.core.Pong;

/**
 * Messages between peers: each way takes its time and may be lost, and a connection may be cut off,
 * refused, or accepted by a machine whose peer does not get the processor in time.
 */
final class Network {
  private static final String REFUSED = "connection refused";

  private final World world;
  private final Traffic traffic = new Traffic();
  private long pingsReceived;

  Network(World world) {
    this.world = world;
  }

  long pingsReceived() {
    return pingsReceived;
  }

  Traffic traffic() {
    return traffic;
  }

  void ping(VirtualPeer from, long token, VirtualMachine to, String suspectedBy) {
    traffic.ping();
    new Call(from, to, timeout())
        .orElse(
            closed ->
                from.core().onPingLost(world.now(), token, closed, closed ? REFUSED : silence()))
        .send(
            (call, target) -> {
              Pong pong = pong(target, from, suspectedBy);
              call.answer(
                  () -> from.core().onPong(world.now(), token, pong.versions(), pong.workLeft()));
            });
  }

  /** The warden pings the machine itself, and answers when it knows. */
  void probe(VirtualPeer from, long token, VirtualMachine through, VirtualMachine machine) {
    traffic.probe();
    new Call(from, through, 2 * timeout())
        .orElse(closed -> from.core().onProbeLost(world.now(), token))
        .send(
            (call, warden) -> {
              if (warden.shelf().maintains()) {
                traffic.ping();
                new Call(warden, machine, timeout())
                    .orElse(closed -> tell(call, token, from, warden, machine, false))
                    .send(
                        (own, target) -> {
                          pong(target, warden, from.machine().name());
                          own.answer(() -> tell(call, token, from, warden, machine, true));
                        });
              }
            });
  }

  private void tell(
      Call call,
      long token,
      VirtualPeer from,
      VirtualPeer warden,
      VirtualMachine machine,
      boolean answered) {
    long hold = warden.core().onProbe(world.now(), from.machine().name(), machine.name(), answered);
    call.answer(() -> from.core().onProbed(world.now(), token, answered, hold));
  }

  private Pong pong(VirtualPeer target, VirtualPeer from, String suspectedBy) {
    pingsReceived++;
    return target
        .core()
        .onPing(
            world.now(),
            from.machine().name(),
            from.held().versions(),
            from.core().workLeft(),
            suspectedBy);
  }

  void notice(VirtualPeer from, VirtualMachine to, String about, Outcome outcome, Step step) {
    traffic.notice();
    new Call(from, to, timeout())
        .send((call, target) -> target.core().onNotice(world.now(), about, outcome, step));
  }

  void askWork(VirtualPeer from, long token, VirtualMachine to) {
    traffic.work();
    new Call(from, to, timeout())
        .orElse(closed -> from.core().onWorkLost(world.now(), token))
        .send(
            (call, target) -> {
              Work share = target.core().onWorkAsked(world.now(), from.machine().name());
              call.answer(() -> from.core().onWork(world.now(), token, share));
            });
  }

  void fetch(VirtualPeer from, DocumentType type, VirtualMachine to) {
    new Call(from, to, timeout())
        .send(
            (call, target) -> {
              Edition edition = target.shelf().of(type);
              traffic.document(edition);
              call.answer(() -> from.offer(edition));
            });
  }

  /** The answer brings what the other has newer. */
  void push(VirtualPeer from, DocumentType type, VirtualMachine to) {
    Edition edition = from.shelf().of(type);
    if (edition == null) {
      return;
    }
    traffic.telling();
    new Call(from, to, timeout())
        .send(
            (call, target) -> {
              if (edition.supersedes(target.shelf().of(type))) {
                traffic.document(edition);
              }
              target.offer(edition);
              Edition theirs = target.shelf().of(type);
              call.answer(() -> from.offer(theirs));
            });
  }

  private int timeout() {
    return world.options().pingTimeoutMillis();
  }

  private String silence() {
    return "no answer within " + timeout() + " ms";
  }

  /** What the asked peer does with a request. */
  private interface Request {
    void arrivedAt(Call call, VirtualPeer target);
  }

  /** One request and its answer. */
  private final class Call {
    private final VirtualPeer asker;
    private final VirtualMachine to;
    private final long deadline;
    private Consumer<Boolean> lost;
    private boolean over;

    Call(VirtualPeer asker, VirtualMachine to, int timeoutMillis) {
      this.asker = asker;
      this.to = to;
      this.deadline = world.now() + timeoutMillis;
    }

    /** What the asker does when no answer comes: at once if refused, else at the deadline. */
    Call orElse(Consumer<Boolean> whenLost) {
      lost = whenLost;
      return this;
    }

    void send(Request request) {
      boolean dropped = to.isGossipClosed() || world.cuts(asker.machine(), to) || loses();
      if (dropped) {
        lose();
      } else {
        world.timetable().in(latency(), () -> arrive(request));
      }
    }

    private void arrive(Request request) {
      if (!to.lives()) {
        refuse();
        return;
      }
      VirtualPeer target = to.peer();
      if (to.runsAgainAt(world.now()) > deadline) {
        lose();
      }
      target.deliver(() -> request.arrivedAt(this, target));
    }

    /** A machine that is up says that nobody listens; the paper's peers only know time-outs. */
    private void refuse() {
      if (!to.isUp() || world.options().policy() == Policy.PAPER || loses()) {
        lose();
      } else if (lost != null) {
        over = true;
        world.timetable().in(latency(), () -> asker.deliver(() -> lost.accept(true)));
      }
    }

    private void lose() {
      if (!over && lost != null) {
        world.timetable().at(deadline, () -> asker.deliver(() -> lost.accept(false)));
      }
      over = true;
    }

    void answer(Runnable arrived) {
      long arrival = world.now() + latency();
      if (over) {
        return;
      }
      if (arrival > deadline || loses()) {
        lose();
      } else {
        over = true;
        world.timetable().at(arrival, () -> asker.deliver(arrived));
      }
    }

    private boolean loses() {
      return world.chance().happens(world.options().loss());
    }

    private long latency() {
      return world.chance().latency(asker.machine().isSlow() || to.isSlow());
    }
  }
}

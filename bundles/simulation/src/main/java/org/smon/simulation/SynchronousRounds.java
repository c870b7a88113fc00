// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Version;
import org.smon.api.Versions;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.core.CoreConfig;
import org.smon.core.Effects;
import org.smon.core.Held;
import org.smon.core.PeerCore;
import org.smon.core.Pong;
import org.smon.core.Roster;

/**
 * The model of the paper's analysis (section IV): all peers act in the same instant, and what they
 * do takes no time. The peers are the real core under the paper's policy.
 */
public final class SynchronousRounds {
  private static final int WAIT_MILLIS = 5_000;
  private static final int ROUNDS_AFTER = 10;

  private final Held held;
  private final SplittableRandom random;
  private final Map<String, Node> nodes = new HashMap<>();
  private final List<Node> live = new ArrayList<>();
  private final List<Round> rounds = new ArrayList<>();
  private long now;

  private SynchronousRounds(int machines, long seed) {
    this.random = new SplittableRandom(seed);
    List<Machine> entries = new ArrayList<>();
    for (int i = 0; i < machines; i++) {
      entries.add(Machine.parse("m%05d".formatted(i)));
    }
    Versions versions = Versions.NONE.with(DocumentType.LIST, new Version(1, ""));
    Roster roster = new Roster(new MachineList(entries, List.of()), "");
    this.held = new Held(versions, roster, Livetag.on(), WAIT_MILLIS);
    entries.forEach(entry -> nodes.put(entry.name(), new Node(entry.name())));
    join(nodes.get(entries.get(0).name()));
  }

  /**
   * @param before peers at the round's start
   * @param deployed machines that got a peer in it
   * @param copies payloads sent to them
   * @param pings received by the peers
   */
  public record Round(int before, int deployed, int copies, int pings) {}

  /** Rounds until all have a peer, and ten more; the first deployed machine is in the list. */
  public static List<Round> run(int machines, long seed) {
    SynchronousRounds world = new SynchronousRounds(machines, seed);
    while (world.live.size() < machines) {
      world.round();
    }
    for (int i = 0; i < ROUNDS_AFTER; i++) {
      world.round();
    }
    return List.copyOf(world.rounds);
  }

  /** Y_r = 1 / (1 + n e^-r): the share of machines the paper expects to be reached (Fig. 5). */
  public static double expectedShare(int machines, double round) {
    return 1 / (1 + machines * StrictMath.exp(-round));
  }

  /** E(X') = (m/n) / (1 - (1 - 1/n)^m): copies a machine gets in a round with m of n peers. */
  public static double expectedCopies(int machines, int peers) {
    double missed = StrictMath.pow(1 - 1.0 / machines, peers);
    return (double) peers / machines / (1 - missed);
  }

  /** All ping, then all learn, then all visit: nobody sees what another does in the same round. */
  private void round() {
    List<Node> acting = List.copyOf(live);
    acting.forEach(node -> node.act(now));
    int pings = (int) acting.stream().filter(node -> nodes.get(node.target).core != null).count();
    acting.forEach(Node::learn);
    List<Node> visitors = acting.stream().filter(node -> node.visiting != null).toList();
    List<Node> fresh =
        visitors.stream().map(node -> nodes.get(node.visiting.name())).distinct().toList();
    rounds.add(new Round(acting.size(), fresh.size(), visitors.size(), pings));
    visitors.forEach(Node::leave);
    now += WAIT_MILLIS;
    fresh.forEach(this::join);
  }

  private void join(Node node) {
    node.core = new PeerCore(node.name, CoreConfig.paper(), random.split(), node);
    live.add(node);
  }

  /** A machine, and once it has a peer, that peer's effects, kept until the round carries on. */
  private final class Node implements Effects {
    private final String name;
    private PeerCore core;
    private boolean started;
    private long token;
    private String target;
    private Machine visiting;

    Node(String name) {
      this.name = name;
    }

    void act(long at) {
      if (started) {
        core.wake(at);
      } else {
        started = true;
        core.start(at, held, null, null);
      }
    }

    void learn() {
      PeerCore other = nodes.get(target).core;
      if (other == null) {
        core.onPingLost(now, token, false, "no peer");
      } else {
        Pong pong = other.onPing(now, name, held.versions(), core.workLeft(), null);
        core.onPong(now, token, pong.versions(), pong.workLeft());
      }
    }

    void leave() {
      String machine = visiting.name();
      visiting = null;
      core.onVisited(
          now, token, new VisitReport(machine, Outcome.DEPLOYED, Step.START, null, 0, 0));
    }

    @Override
    public void ping(long number, String machine, boolean suspected) {
      token = number;
      target = machine;
    }

    @Override
    public void visit(long number, Machine machine) {
      token = number;
      visiting = machine;
    }

    @Override
    public void probe(long number, String through, String machine) {
      throw new IllegalStateException("the paper's peers do not ask others");
    }

    @Override
    public void notice(String to, String machine, Outcome outcome, Step step) {
      throw new IllegalStateException("the paper's peers do not tell others");
    }

    @Override
    public void askWork(long number, String machine) {
      throw new IllegalStateException("the paper's peers do not divide work");
    }

    @Override
    public void fetch(DocumentType type, Version version, String from) {
      throw new IllegalStateException("all hold the same documents");
    }

    @Override
    public void push(DocumentType type, String to) {
      throw new IllegalStateException("all hold the same documents");
    }

    @Override
    public void stop(String cause) {
      throw new IllegalStateException("livetag stays true");
    }

    @Override
    public void wakeAt(long millis) {
      // all wake at the next round
    }

    @Override
    public void emit(String kind, String machine, String cause) {
      // the rounds are counted from outside
    }
  }
}

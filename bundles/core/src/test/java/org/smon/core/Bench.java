// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Version;
import org.smon.api.Versions;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

/** The peer m0 of a list m0, m1, ... on the bench, with its clock. */
final class Bench {
  static final int WAIT = 5_000;

  final RecordingEffects effects = new RecordingEffects();
  final PeerCore core;
  final Roster roster;
  long now = 1_000;

  Bench(int machines, CoreConfig config) {
    List<Machine> entries =
        IntStream.range(0, machines).mapToObj(i -> Machine.parse("m" + i)).toList();
    this.roster = new Roster(new MachineList(entries, List.of()), "abc");
    this.core = new PeerCore("m0", config, new SplittableRandom(1), effects);
  }

  static Bench smon(int machines) {
    return new Bench(machines, CoreConfig.smon());
  }

  static Bench paper(int machines) {
    return new Bench(machines, CoreConfig.paper());
  }

  Held held(long counter, boolean livetag) {
    Versions versions = Versions.NONE.with(DocumentType.LIVETAG, version(counter, "aa"));
    return new Held(versions, roster, new Livetag(livetag, 600), WAIT);
  }

  static Version version(long counter, String hash) {
    return new Version(counter, hash);
  }

  static Versions livetag(long counter, String hash) {
    return Versions.NONE.with(DocumentType.LIVETAG, version(counter, hash));
  }

  /** Starts it, and returns what it wants first. */
  List<String> start(Work initial, String parent) {
    core.start(now, held(1, true), initial, parent);
    return effects.taken();
  }

  /** Lets the time asked for by wakeAt come. */
  List<String> wake() {
    now = effects.wakeAt();
    core.wake(now);
    return effects.taken();
  }

  /** Wakes it until it wants something. */
  List<String> wakeUntilWanted() {
    List<String> wanted = List.of();
    for (int i = 0; i < 100 && wanted.isEmpty(); i++) {
      wanted = wake();
    }
    return wanted;
  }

  /** Silence: the last ping, and all questions to wardens, stay without an answer. */
  List<String> lost() {
    return lost(false);
  }

  /** The machine says that nobody listens there; the wardens say nothing. */
  List<String> refused() {
    return lost(true);
  }

  private List<String> lost(boolean closed) {
    now += 10;
    effects.takenProbes().forEach(token -> core.onProbeLost(now, token));
    core.onPingLost(now, effects.lastToken(), closed, "no answer");
    effects.takenProbes().forEach(token -> core.onProbeLost(now, token)); // the last question
    return effects.taken();
  }

  List<String> pong(Versions versions, int workLeft) {
    now += 10;
    core.onPong(now, effects.lastToken(), versions, workLeft);
    return effects.taken();
  }

  List<String> pinged(String from, int workLeft) {
    core.onPing(now, from, livetag(1, "aa"), workLeft, null);
    return effects.taken();
  }

  List<String> visited(long token, String machine, Outcome outcome, Step step) {
    now += 10;
    core.onVisited(now, token, new VisitReport(machine, outcome, step, "reason", 10, 0));
    return effects.taken();
  }

  /** The name of the machine at a position of the order in which work is divided. */
  String at(int position) {
    return roster.at(position).name();
  }

  /** A share that does not hold m0 itself. */
  Work others(int size) {
    int own = roster.positionOf("m0");
    int from = own >= size ? 0 : own + 1;
    return new Work(roster.hash(), from, from + size);
  }
}

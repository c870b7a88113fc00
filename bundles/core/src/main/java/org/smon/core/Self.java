// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.Versions;

/** Who this peer is, what it holds, and its numbered way out: what the parts of the core share. */
final class Self {
  final String name;
  final CoreConfig config;
  final RandomGenerator random;
  final Effects effects;

  private final Map<Long, String> unanswered = new LinkedHashMap<>();
  private long lastToken;
  private Held held = new Held(Versions.NONE, Roster.EMPTY, new Livetag(false, 0), 0);

  Self(String name, CoreConfig config, RandomGenerator random, Effects effects) {
    this.name = name;
    this.config = config;
    this.random = random;
    this.effects = effects;
  }

  Held held() {
    return held;
  }

  void hold(Held newer) {
    held = newer;
  }

  Roster roster() {
    return held.roster();
  }

  /** False: nothing is pinged or visited (R4, R27), as by a peer that was removed (R31). */
  boolean maintains() {
    return held.livetag().value() && roster().positionOf(name) >= 0;
  }

  Machine randomOther() {
    return roster().random(random, name);
  }

  /** Who is asked about a machine, and told of visits to it. */
  List<String> wardens(String machine) {
    return roster().wardens(machine, name);
  }

  /** The time given, up to a quarter less or more, so that peers do not fall into step. */
  long jittered(long millis) {
    return millis <= 0 ? 0 : millis * 3 / 4 + random.nextLong(millis / 2 + 1);
  }

  void ping(String machine) {
    effects.ping(number(machine), machine, false);
  }

  /** Only to be heard: whether it is answered is no matter, so its answer is not waited for. */
  void pingBack(String machine) {
    effects.ping(++lastToken, machine, false);
  }

  void pingSuspect(String machine) {
    effects.ping(number(machine), machine, true);
  }

  void visit(Machine machine, String cause) {
    effects.emit("visit", machine.name(), cause);
    effects.visit(number(machine.name()), machine);
  }

  void probe(String through, String machine) {
    effects.probe(number(machine), through, machine);
  }

  void askWork(String machine) {
    effects.askWork(number(machine), machine);
  }

  /** Which machine the token's question was about; null if it was answered before. */
  String answered(long token) {
    return unanswered.remove(token);
  }

  private long number(String machine) {
    unanswered.put(++lastToken, machine);
    return lastToken;
  }
}

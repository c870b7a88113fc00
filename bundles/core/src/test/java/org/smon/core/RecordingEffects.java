// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.Version;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** Remembers what the core wanted, as lines such as {@code ping m1}, oldest first. */
final class RecordingEffects implements Effects {
  private final List<String> lines = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<Long> probeTokens = new ArrayList<>();
  private long lastToken;
  private long wakeAt = Long.MAX_VALUE;

  /** What was wanted since the last call. */
  List<String> taken() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  /** Questions to wardens since the last call. */
  List<Long> takenProbes() {
    List<Long> taken = List.copyOf(probeTokens);
    probeTokens.clear();
    return taken;
  }

  List<String> events() {
    return events;
  }

  long lastToken() {
    return lastToken;
  }

  long wakeAt() {
    return wakeAt;
  }

  @Override
  public void ping(long token, String machine, boolean suspected) {
    lastToken = token;
    lines.add("ping " + machine);
  }

  @Override
  public void visit(long token, Machine machine) {
    lastToken = token;
    lines.add("visit " + machine.name());
  }

  @Override
  public void probe(long token, String through, String machine) {
    probeTokens.add(token);
    lines.add("probe " + machine + " through " + through);
  }

  @Override
  public void notice(String to, String machine, Outcome outcome, Step step) {
    lines.add("notice " + machine + " " + outcome + " to " + to);
  }

  @Override
  public void askWork(long token, String machine) {
    lastToken = token;
    lines.add("ask " + machine);
  }

  @Override
  public void fetch(DocumentType type, Version version, String from) {
    lines.add("fetch " + type.word() + " " + version.counter() + " " + from);
  }

  @Override
  public void push(DocumentType type, String to) {
    lines.add("push " + type.word() + " " + to);
  }

  @Override
  public void wakeAt(long millis) {
    wakeAt = millis;
  }

  @Override
  public void stop(String cause) {
    lines.add("stop");
  }

  @Override
  public void emit(String kind, String machine, String cause) {
    events.add(kind + " " + machine);
  }
}

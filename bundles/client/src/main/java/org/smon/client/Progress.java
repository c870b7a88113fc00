// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.HashMap;
import java.util.Map;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusAnswer;

/**
 * A deployment or a shutdown while it goes on (R12): a line for every change of a machine, and on a
 * terminal a bar below them that is drawn over itself.
 */
final class Progress {
  private final Bar bar;
  private final boolean stopping;
  private final Map<String, String> shown = new HashMap<>();

  Progress(Console console) {
    this(console, false);
  }

  private Progress(Console console, boolean stopping) {
    this.bar = new Bar(console);
    this.stopping = stopping;
  }

  /** Towards no peer at all instead of one on every machine. */
  static Progress ofShutdown(Console console) {
    return new Progress(console, true);
  }

  double seconds() {
    return bar.seconds();
  }

  /** A line of its own above the bar. */
  void say(String text) {
    bar.say(text);
  }

  /** What changed since the last call. */
  void show(StatusAnswer status) {
    status.machines().forEach(this::show);
    StatusAnswer.Summary s = status.summary();
    bar.show(stopping ? stoppingBar(s) : startingBar(s));
  }

  private String startingBar(StatusAnswer.Summary s) {
    return "%s %d/%d online, %d deploying, %d down, %d unreachable, %.0f s"
        .formatted(
            Bar.filled(s.online(), s.total()),
            s.online(),
            s.total(),
            s.deploying(),
            s.down(),
            s.unreachable(),
            seconds());
  }

  private String stoppingBar(StatusAnswer.Summary s) {
    return "%s %d of %d peers still run, %.0f s"
        .formatted(Bar.filled(s.total() - s.online(), s.total()), s.online(), s.total(), seconds());
  }

  /** Removes the bar. */
  void end() {
    bar.end();
  }

  private void show(MachineStatus machine) {
    String text = line(machine);
    String before = shown.put(machine.name(), text);
    boolean untouched = before == null && !worthALine(machine);
    if (!untouched && !text.equals(before)) {
      say(text);
    }
  }

  /**
   * At the beginning of a deployment nothing runs anywhere, and only what somebody tried is news;
   * at that of a shutdown all run.
   */
  private boolean worthALine(MachineStatus machine) {
    return !stopping && machine.state() != State.down && machine.state() != State.unreachable;
  }

  private static String line(MachineStatus m) {
    String line = "%-15s %s".formatted(m.name(), m.state());
    if (m.state() == State.online && m.deployedBy() != null) {
      line += ", deployed by " + m.deployedBy();
    }
    return m.reason() == null ? line : line + ": " + m.reason();
  }
}

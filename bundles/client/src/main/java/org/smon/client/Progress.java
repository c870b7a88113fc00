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
  private static final int WIDTH = 30;
  private static final String BACK_AND_CLEAR = "\r\033[K";

  private final Console console;
  private final boolean stopping;
  private final long startNanos = System.nanoTime();
  private final Map<String, String> shown = new HashMap<>();
  private String bar = "";

  Progress(Console console) {
    this(console, false);
  }

  private Progress(Console console, boolean stopping) {
    this.console = console;
    this.stopping = stopping;
  }

  /** Towards no peer at all instead of one on every machine. */
  static Progress ofShutdown(Console console) {
    return new Progress(console, true);
  }

  double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** A line of its own above the bar. */
  void say(String text) {
    erase();
    console.say("%6.1f s  %s".formatted(seconds(), text));
    draw();
  }

  /** What changed since the last call. */
  void show(StatusAnswer status) {
    status.machines().forEach(this::show);
    StatusAnswer.Summary s = status.summary();
    bar = stopping ? stoppingBar(s) : startingBar(s);
    erase();
    draw();
  }

  private String startingBar(StatusAnswer.Summary s) {
    return "%s %d/%d online, %d deploying, %d down, %d unreachable, %.0f s"
        .formatted(
            filled(s.online(), s.total()),
            s.online(),
            s.total(),
            s.deploying(),
            s.down(),
            s.unreachable(),
            seconds());
  }

  private String stoppingBar(StatusAnswer.Summary s) {
    return "%s %d of %d peers still run, %.0f s"
        .formatted(filled(s.total() - s.online(), s.total()), s.online(), s.total(), seconds());
  }

  private static String filled(int part, int total) {
    int filled = total == 0 ? 0 : WIDTH * part / total;
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
  }

  /** Removes the bar. */
  void end() {
    erase();
    bar = "";
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

  private void erase() {
    if (console.terminal() && !bar.isEmpty()) {
      console.people().print(BACK_AND_CLEAR);
    }
  }

  private void draw() {
    if (console.terminal() && !bar.isEmpty()) {
      console.people().print(bar);
      console.people().flush();
    }
  }
}

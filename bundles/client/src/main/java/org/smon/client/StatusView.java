// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;

/** The status as people read it. */
public final class StatusView {
  private StatusView() {}

  public static void print(StatusAnswer status, PrintStream out) {
    Table table =
        new Table(
            "MACHINE",
            "STATE",
            "RELEASE",
            "PID",
            "DEPLOYED BY",
            "COPIES",
            "ATTEMPTS",
            "SEEN",
            "REASON");
    status.machines().forEach(m -> row(table, m));
    table.print(out);
    out.println(summary(status));
    out.flush();
  }

  private static void row(Table table, MachineStatus m) {
    table.row(
        m.name(),
        m.state(),
        m.release(),
        m.pid(),
        m.deployedBy(),
        m.copies(),
        m.attempts(),
        m.lastSeenMillis() == null ? null : "%.1f s".formatted(m.lastSeenMillis() / 1000.0),
        m.reason() == null ? "" : m.reason());
  }

  /** {@code overlay demo: 5 of 5 online, release 1.0.0, list 1, livetag true}. */
  public static String summary(StatusAnswer status) {
    StatusAnswer.Summary s = status.summary();
    StringBuilder line = new StringBuilder();
    line.append("overlay %s: %d of %d online".formatted(status.name(), s.online(), s.total()));
    append(line, s.deploying(), "deploying");
    append(line, s.down(), "down");
    append(line, s.unreachable(), "unreachable");
    append(line, stopped(status), "stopped");
    line.append(", release ")
        .append(status.release() == null ? "none" : status.release().version())
        .append(", list ")
        .append(status.list().version())
        .append(", livetag ")
        .append(status.livetag().value());
    return line.toString();
  }

  private static int stopped(StatusAnswer status) {
    return (int)
        status.machines().stream().filter(m -> m.state() == MachineStatus.State.stopped).count();
  }

  private static void append(StringBuilder line, int count, String what) {
    if (count > 0) {
      line.append(", ").append(count).append(' ').append(what);
    }
  }
}

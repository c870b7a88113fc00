// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;
import org.smon.wire.UpgradeApi.LocalState;

/** The status as people read it. */
public final class StatusView {
  private static final int AFTER_RELEASE = 3;

  private StatusView() {}

  public static void print(StatusAnswer status, PrintStream out) {
    boolean moving = status.machines().stream().anyMatch(StatusView::isMoving);
    List<String> header =
        List.of(
            "MACHINE",
            "STATE",
            "RELEASE",
            "PID",
            "DEPLOYED BY",
            "COPIES",
            "ATTEMPTS",
            "SEEN",
            "REASON");
    Table table = new Table(with(moving, header, "RELEASE STATE").toArray(String[]::new));
    for (MachineStatus m : status.machines()) {
      table.row(with(moving, cells(m), m.releaseState()).toArray());
    }
    table.print(out);
    out.println(summary(status));
    out.flush();
  }

  /** Not all is as it should be with the newest release there. */
  private static boolean isMoving(MachineStatus machine) {
    return machine.releaseState() != null
        && !machine.releaseState().equals(LocalState.ADOPTED.word());
  }

  /** The cells of a row, with one more behind the release's. */
  private static <T> List<T> with(boolean more, List<T> cells, T cell) {
    List<T> row = new ArrayList<>(cells);
    if (more) {
      row.add(AFTER_RELEASE, cell);
    }
    return row;
  }

  private static List<Object> cells(MachineStatus m) {
    return Arrays.asList(
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
        .append(release(status.release()))
        .append(", list ")
        .append(status.list().version())
        .append(", livetag ")
        .append(status.livetag().value());
    return line.toString();
  }

  private static String release(StatusAnswer.ReleaseView release) {
    if (release == null || release.version() == null) {
      return "none";
    }
    return release.previous() == null
        ? release.version()
        : release.version() + " (before: " + release.previous() + ")";
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

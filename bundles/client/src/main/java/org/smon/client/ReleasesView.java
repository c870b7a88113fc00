// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smon.wire.MachineStatus;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.Machines;
import org.smon.wire.ReleasesAnswer.ReleaseLine;

/** Releases as people read them. */
final class ReleasesView {
  private ReleasesView() {}

  /**
   * What a peer knows of releases, with the machines counted by what they say of themselves: a
   * machine's word is of the newest release, and of the one that it runs.
   *
   * @param releases newest first
   */
  static ReleasesAnswer counted(ReleasesAnswer releases, List<MachineStatus> machines) {
    List<ReleaseLine> lines = new ArrayList<>();
    Set<String> versions = new HashSet<>(); // what runs by a version that came twice is the newer's
    for (ReleaseLine line : releases.releases()) {
      boolean newest = lines.isEmpty();
      boolean first = versions.add(line.version());
      Machines counted = counted(line, newest, first, Tally.of(line.version(), machines));
      lines.add(
          new ReleaseLine(
              line.version(),
              line.counter(),
              line.hash(),
              line.state(),
              line.wave(),
              line.waves(),
              counted,
              line.reason()));
    }
    return new ReleasesAnswer(lines);
  }

  private static Machines counted(ReleaseLine line, boolean newest, boolean first, Tally tally) {
    int running = first ? tally.settled().size() : 0;
    return newest
        ? new Machines(
            running,
            Math.max(line.machines().refused(), tally.refusing().size()),
            tally.provisional().size())
        : new Machines(running, line.machines().refused(), 0);
  }

  static void print(ReleasesAnswer releases, PrintStream out) {
    Table table = new Table("RELEASE", "STATE", "WAVE", "ADOPTED", "ON TRIAL", "REFUSED", "REASON");
    for (ReleaseLine line : releases.releases()) {
      table.row(
          line.version(),
          line.state(),
          line.wave() == 0 ? null : line.wave() + " of " + line.waves(),
          line.machines().adopted(),
          line.machines().provisional(),
          line.machines().refused(),
          line.reason() == null ? "" : line.reason());
    }
    table.print(out);
  }
}

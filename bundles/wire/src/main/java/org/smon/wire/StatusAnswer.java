// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;

/**
 * `smon status --json`; the component names are the JSON fields.
 *
 * @param overlay the overlay's id
 * @param machines in list order
 */
public record StatusAnswer(
    String overlay,
    String name,
    LivetagView livetag,
    ListView list,
    ReleaseView release,
    List<MachineStatus> machines,
    Summary summary) {

  public record LivetagView(boolean value, long version) {}

  public record ListView(long version, int size) {}

  public record ReleaseView(String version, String previous) {}

  public record Summary(int total, int online, int deploying, int down, int unreachable) {
    /** Recovering counts as deploying, refused as down. */
    public static Summary of(List<MachineStatus> machines) {
      return new Summary(
          machines.size(),
          count(machines, MachineStatus.State.online),
          count(machines, MachineStatus.State.deploying, MachineStatus.State.recovering),
          count(machines, MachineStatus.State.down, MachineStatus.State.refused),
          count(machines, MachineStatus.State.unreachable));
    }

    private static int count(List<MachineStatus> machines, MachineStatus.State... states) {
      List<MachineStatus.State> wanted = List.of(states);
      return (int) machines.stream().filter(m -> wanted.contains(m.state())).count();
    }
  }
}

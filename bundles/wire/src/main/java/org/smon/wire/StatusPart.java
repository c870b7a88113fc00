// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a branch of the status tree hands up.
 *
 * @param machines those of the query that answered
 * @param sightings what the answering peers know of machines they visited
 */
public record StatusPart(List<MachineStatus> machines, List<Sighting> sightings) {
  /** Both answers as one. */
  public StatusPart and(StatusPart other) {
    return new StatusPart(
        Stream.concat(machines.stream(), other.machines.stream()).toList(),
        Stream.concat(sightings.stream(), other.sightings.stream()).toList());
  }

  /**
   * What a peer saw of another machine at its last visit, or sees in the visit that goes on.
   *
   * @param state deploying or recovering while a visit goes on, else what the visit found
   */
  public record Sighting(String machine, MachineStatus.State state, String reason, Instant at) {}
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.Objects;
import org.smon.api.Names;
import org.smon.api.Versions;

/**
 * A maintenance ping, and the pong that answers it (R1): both carry the sender's versions.
 *
 * @param overlay the sender's, null in a pong
 * @param from the sender's machine name
 * @param startedMillis when the sender's process started, epoch milliseconds; tells two lives apart
 * @param workLeft how many machines of the sender's share are not yet visited (R10)
 * @param conflicts digest of the conflicts that the sender keeps (T5), null for none
 * @param suspectedBy who has not heard from the one pinged and wants a ping back, or null: a pong
 *     that comes too late does not clear it (R16)
 */
public record Ping(
    int wireMin,
    int wireMax,
    String overlay,
    String from,
    long startedMillis,
    Versions versions,
    int workLeft,
    String conflicts,
    String suspectedBy) {
  public Ping {
    Names.requireMachine(Objects.requireNonNullElse(from, ""));
    if (suspectedBy != null) {
      Names.requireMachine(suspectedBy);
    }
    versions = Objects.requireNonNullElse(versions, Versions.NONE);
  }

  public static Ping of(
      String overlay, String from, long startedMillis, Versions versions, int workLeft) {
    return new Ping(
        WireVersion.MIN,
        WireVersion.MAX,
        overlay,
        from,
        startedMillis,
        versions,
        workLeft,
        null,
        null);
  }

  public Ping withConflicts(String digest) {
    return new Ping(
        wireMin, wireMax, overlay, from, startedMillis, versions, workLeft, digest, suspectedBy);
  }

  public Ping withSuspectedBy(String machine) {
    return new Ping(
        wireMin, wireMax, overlay, from, startedMillis, versions, workLeft, conflicts, machine);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.util.Map;
import org.smon.api.Documents;
import org.smon.api.Machine;
import org.smon.api.Release;
import org.smon.api.Release.Kind;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** Whether a machine can hold a peer at all: asked of the report, before anything is touched. */
final class Suitability {
  private static final int JAVA = 17;

  /** What a runtime takes unpacked, as a multiple of its archive, and room for logs and data. */
  private static final double UNPACKED = 2.5;

  private static final long WORKING_BYTES = 16L * 1024 * 1024;

  private Suitability() {}

  static void require(Report found, Machine machine, Documents documents) throws VisitEnd {
    if (!found.missingTools().isEmpty()) {
      throw failed("the machine lacks " + String.join(", ", found.missingTools()));
    }
    if (!found.installed().isEmpty() && !found.name().equals(machine.name())) {
      throw refused(
          "this machine is already " + found.name() + "; one machine has one name in the list");
    }
    int port = documents.settings().gossipPort();
    for (Map.Entry<String, Integer> other : found.otherPorts().entrySet()) {
      if (other.getValue() == port) {
        throw refused(
            "a peer of another overlay ("
                + other.getKey()
                + ") has the gossip port "
                + port
                + " here");
      }
    }
  }

  static void requireRoom(Report found, Release release) throws VisitEnd {
    boolean bringsJava = release.blobs().stream().anyMatch(blob -> blob.kind() == Kind.JRE);
    boolean needsJava = found.java().isEmpty();
    if (needsJava && !bringsJava) {
      throw failed(
          (found.javaVersion() == 0
                  ? "no Java on the machine"
                  : "Java " + found.javaVersion() + " is too old")
              + ", and the release brings none; install Java 17 there (or give the first deployment --with-java)");
    }
    long bytes = WORKING_BYTES;
    for (Release.Blob blob : release.blobs()) {
      bytes += blob.size();
      if (blob.kind() == Kind.RUNTIME || blob.kind() == Kind.JRE && needsJava) {
        bytes += (long) (blob.size() * UNPACKED);
      }
    }
    // What a copy that was cut off has brought counts as room: else it could never be finished.
    long roomKb = found.freeKb() + found.heldKb();
    if (found.installed().isEmpty() && found.freeKb() >= 0 && roomKb < bytes / 1024) {
      throw failed(
          "no space: a peer needs %d MB, the machine has %d MB for it"
              .formatted(bytes >> 20, roomKb >> 10));
    }
  }

  private static VisitEnd failed(String reason) {
    return new VisitEnd(Outcome.FAILED, Step.PROBE, reason);
  }

  private static VisitEnd refused(String reason) {
    return new VisitEnd(Outcome.REFUSED, Step.PROBE, reason);
  }
}

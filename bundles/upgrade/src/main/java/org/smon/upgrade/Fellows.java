// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.smon.api.RefusedException;
import org.smon.api.Release.Blob;
import org.smon.wire.PeerApi;
import org.smon.wire.RolloutMessage;

/** What this peer says to others about a release, and gets of it from them. Blocks. */
final class Fellows {
  private static final int TIMEOUT_MILLIS = 3_000;

  private final Surroundings around;

  Fellows(Surroundings around) {
    this.around = around;
  }

  /** Exchanges marks. */
  RolloutMessage exchange(String machine, RolloutMessage mine) throws RefusedException {
    return peer(machine).rollout(mine);
  }

  /** Fetches what is missing of a release from a machine that has it; goes on where it was left. */
  void fetch(String machine, List<Blob> missing, Depot depot) {
    PeerApi peer = peer(machine);
    for (Blob blob : missing) {
      try {
        long from = depot.begun(blob);
        try (InputStream content = peer.blob(blob.sha256(), from)) {
          depot.append(blob, from, content);
        }
        String bytes = Long.toString(blob.size() - from);
        tell(blob.path() + " from " + machine, Map.of("bytes", bytes));
      } catch (RefusedException | UncheckedIOException | IOException e) {
        tell(blob.path() + " from " + machine + ": " + e.getMessage(), Map.of());
        return;
      }
    }
  }

  private void tell(String cause, Map<String, String> detail) {
    around.events().emit("fetch", around.self().name(), cause, detail);
  }

  /** Also one's own endpoint, by one's name or, behind NAT, by the loopback address. */
  PeerApi peer(String machine) {
    return around
        .connections()
        .peer(machine, around.documents().settings().gossipPort(), TIMEOUT_MILLIS);
  }
}

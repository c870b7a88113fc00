// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Keyring;
import org.smon.security.OverlayKey;

/** K_E is rotated on peers that talk under it, over the real transport (R41). */
@Timeout(150)
class RotationOverTlsTest {
  private static final int PEERS = 5;

  private final OverlayKey next = OverlayKey.generate();

  @TempDir Path directory;

  @Test
  void threePhasesLeaveEveryPeerReachableAndTheOldKeyRefusedByAll() throws Exception {
    try (LoopbackOverlay overlay = new LoopbackOverlay(directory, PEERS)) {
      LivetagSpread.await(overlay::runsEverywhere);
      Keyring install = Keyring.of(overlay.key().keyId()).install(next.keyId());
      Keyring use = install.following();
      overlay.handOver(overlay.next(install), 3, next);
      awaitTrusted(overlay, install);
      overlay.handOver(overlay.next(use), 1);
      awaitTrusted(overlay, use);
      overlay.turnClientTo(next);
      overlay.handOver(overlay.next(use.following()), 4);
      awaitTrusted(overlay, use.following());
      LivetagSpread.await(() -> overlay.answeringUnder(overlay.key()) == 0);
      LivetagSpread.await(() -> overlay.answeringUnder(next) == PEERS);
    }
  }

  @Test
  void aPeerThatKnowsOnlyTheOldKeyIsBroughtTheNewOneWhileBothCount() throws Exception {
    try (LoopbackOverlay overlay = new LoopbackOverlay(directory, PEERS)) {
      LivetagSpread.await(overlay::runsEverywhere);
      Keyring use = Keyring.of(overlay.key().keyId()).install(next.keyId()).following();
      // Straight to the phase in which servers show the new key's certificate alone.
      overlay.handOver(overlay.next(use), 2, next);
      awaitTrusted(overlay, use);
      LivetagSpread.await(() -> overlay.answeringUnder(next) == PEERS);
    }
  }

  private static void awaitTrusted(LoopbackOverlay overlay, Keyring keyring) throws Exception {
    List<String> ids = keyring.ids();
    LivetagSpread.await(() -> overlay.trusted().stream().allMatch(ids::equals));
  }
}

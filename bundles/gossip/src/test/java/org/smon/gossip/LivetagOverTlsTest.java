// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.Livetag;

/** Livetag on 24 peers over the real transport; how quick it is {@link LivetagSpread} measures. */
@Timeout(150)
class LivetagOverTlsTest {
  private static final int PEERS = 24;

  @TempDir Path directory;

  @Test
  void falseHandedToOnePeerReachesAllAndWithAShortQuietTimeAllEnd() throws Exception {
    try (LoopbackOverlay overlay = new LoopbackOverlay(directory, PEERS)) {
      LivetagSpread.await(overlay::runsEverywhere);
      Document off = overlay.next(Livetag.off(2));
      overlay.handOver(off, 7);
      LivetagSpread.await(() -> overlay.holders(off) == PEERS);
      LivetagSpread.await(() -> overlay.ended.size() >= PEERS);
      assertEquals(PEERS, overlay.ended.stream().distinct().count());
      assertEquals(PEERS, overlay.ended.size());
    }
  }
}

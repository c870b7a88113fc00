// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/**
 * What an overlay at rest sends on the real transport, TCP and TLS included, as the kernel counts
 * it; to be run in a network namespace of its own. Arguments: an empty directory, peers, seconds.
 */
public final class IdleTraffic {
  private static final int SETTLING_SECONDS = 20;

  private IdleTraffic() {}

  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset(); // Jetty tells of every server
    int size = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    try (LoopbackOverlay overlay = new LoopbackOverlay(Path.of(arguments[0]), size)) {
      LivetagSpread.await(overlay::runsEverywhere);
      TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
      long[] before = sent();
      TimeUnit.SECONDS.sleep(seconds);
      long[] after = sent();
      double perPeer = (double) (after[0] - before[0]) / size / seconds;
      double packets = (double) (after[1] - before[1]) / size / seconds;
      System.out.printf(
          "%d peers at rest for %d s: %.0f bytes and %.1f packets a peer and second%n",
          size, seconds, perPeer, packets);
    }
    System.exit(0);
  }

  /** Bytes and packets, with their IP headers. */
  private static long[] sent() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/net/dev"))) {
      String[] field = line.strip().split("[: ]+");
      if (field[0].equals("lo")) {
        return new long[] {Long.parseLong(field[9]), Long.parseLong(field[10])};
      }
    }
    throw new IOException("no lo in /proc/net/dev");
  }
}

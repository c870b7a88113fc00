// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;
import org.smon.api.Document;
import org.smon.api.Livetag;

/**
 * How long a livetag takes to reach all peers of an overlay on the real transport (R26; the paper's
 * Fig. 6 has 34 s for 117 machines). Arguments: an empty directory, peers, how often.
 */
public final class LivetagSpread {
  private static final int PATIENCE_SECONDS = 120;

  /** Until the rumor of the livetag before has died out. */
  private static final int PAUSE_MILLIS = 3_000;

  private LivetagSpread() {}

  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset(); // Jetty tells of every server
    int size = Integer.parseInt(arguments[1]);
    int times = Integer.parseInt(arguments[2]);
    try (LoopbackOverlay overlay = new LoopbackOverlay(Path.of(arguments[0]), size)) {
      await(overlay::runsEverywhere);
      double[] seconds = new double[times];
      for (int i = 0; i < times; i++) {
        boolean value = i % 2 == 1;
        Document livetag = overlay.next(new Livetag(value, 600));
        double cpuBefore = cpuSeconds();
        long start = System.nanoTime();
        overlay.handOver(livetag, i % size);
        await(() -> overlay.holders(livetag) == size);
        seconds[i] = (System.nanoTime() - start) / 1e9;
        double cpu = cpuSeconds() - cpuBefore;
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        System.out.printf(
            "livetag %-5s at all %d peers after %.2f s, %.1f CPU s; when the rumor is over %.1f%n",
            value, size, seconds[i], cpu, cpuSeconds() - cpuBefore);
      }
      Arrays.sort(seconds);
      System.out.printf("median %.2f s, longest %.2f s%n", seconds[times / 2], seconds[times - 1]);
    }
    System.exit(0);
  }

  /** Of the whole process, so of all peers together. */
  private static double cpuSeconds() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("not within " + PATIENCE_SECONDS + " s");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}

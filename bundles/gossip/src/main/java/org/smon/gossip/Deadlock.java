// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Threads that wait for each other for ever. The protocol's own thread need not be among them: then
 * the port hangs, and without this look a visitor would take the peer for alive. Those by which a
 * peer lives are named smon-; what an application in this process does to itself is not told.
 */
final class Deadlock {
  private static final String OURS = "smon-";

  private Deadlock() {}

  /** One line that names them, or nothing. Costs a moment in which all threads stand still. */
  static Optional<String> found() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] stuck = threads.findDeadlockedThreads();
    if (stuck == null) {
      return Optional.empty();
    }
    String ours =
        Arrays.stream(threads.getThreadInfo(stuck))
            .filter(Objects::nonNull) // ended meanwhile
            .filter(thread -> thread.getThreadName().startsWith(OURS))
            .map(Deadlock::told)
            .sorted()
            .collect(Collectors.joining(", "));
    return ours.isEmpty() ? Optional.empty() : Optional.of("deadlock: " + ours);
  }

  private static String told(ThreadInfo thread) {
    return thread.getThreadName() + " waits for " + thread.getLockOwnerName();
  }
}

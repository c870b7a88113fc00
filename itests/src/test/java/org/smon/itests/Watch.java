// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at a testbed's processes all the time: every start of a peer, and two at once. */
final class Watch implements AutoCloseable {
  private static final int PERIOD_MILLIS = 200;

  /** sshd's log has whole seconds, and a visit ends a moment after the start that it saw. */
  private static final int SLACK_SECONDS = 2;

  private final Testbed bed;
  private final Map<String, Set<Instant>> starts = new ConcurrentHashMap<>();
  private final Set<String> offences = Collections.synchronizedSet(new LinkedHashSet<>());
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Watch(Testbed bed) {
    this.bed = bed;
    clock.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    for (String machine : bed.machines) {
      List<TestbedProcesses.Peer> peers = bed.processes.peers(machine);
      Set<Instant> seen =
          starts.computeIfAbsent(machine, m -> Collections.synchronizedSet(new TreeSet<>()));
      peers.forEach(peer -> seen.add(peer.started()));
      if (peers.size() > 1) {
        offences.add("peers " + peers + " on " + machine);
      }
    }
  }

  /** What must never be seen and was, each once. */
  List<String> offences() {
    return List.copyOf(offences);
  }

  /** How many peers there were. */
  int starts() {
    return starts.values().stream().mapToInt(Set::size).sum();
  }

  /** True if a peer was started on the machine while somebody was logged in. */
  boolean revived(String machine, Login login) {
    Set<Instant> seen = starts.getOrDefault(machine, Set.of());
    synchronized (seen) {
      return seen.stream().mapToLong(Instant::getEpochSecond).anyMatch(s -> within(login, s));
    }
  }

  private static boolean within(Login login, long second) {
    return login.begun() - SLACK_SECONDS <= second && second <= login.ended() + SLACK_SECONDS;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.io.IOException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.smon.api.InvalidInputException;

/**
 * Looks at all processes all the time, for what must never be seen: two peers on a machine, or K_E
 * in arguments or environment.
 */
final class Census implements AutoCloseable {
  private static final int PERIOD_MILLIS = 200;

  private final RunningDemo demo;
  private final Set<String> offences = Collections.synchronizedSet(new LinkedHashSet<>());
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private String key;

  Census(RunningDemo demo) {
    this.demo = demo;
    clock.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** What was seen so far, each once. */
  List<String> offences() {
    return List.copyOf(offences);
  }

  private void look() {
    List<Proc> processes = Proc.all();
    for (String machine : demo.machines) {
      List<Long> peers =
          processes.stream().filter(p -> demo.isPeerOf(p, machine)).map(Proc::pid).toList();
      if (peers.size() > 1) {
        offences.add("peers " + peers + " on " + machine);
      }
    }
    processes.forEach(this::lookForKey);
  }

  private void lookForKey(Proc process) {
    String hex = key();
    if (hex != null && (process.arguments() + process.environment()).contains(hex)) {
      offences.add("K_E in the arguments or environment of process " + process.pid());
    }
  }

  private String key() {
    if (key == null) {
      try {
        byte[] bytes = RunningDemo.overlayKey(demo.clientHome()).bytes();
        key = HexFormat.of().formatHex(bytes);
      } catch (IOException | InvalidInputException e) {
        return null; // it is being written
      }
    }
    return key;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

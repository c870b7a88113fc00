// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A deployed testbed is hurt for a time by seed, and has to be whole again soon after. */
final class Soak {
  /** After the last fault every machine has exactly one healthy peer within this time. */
  static final int WHOLE_SECONDS = 90;

  /** Logins in an hour on any machine that were needless or failed. */
  static final int MOST_NEEDLESS = 6;

  private final Testbed bed;
  private final long seed;
  private final Schedule schedule;
  private final String tag;
  private long begunNanos;
  private long edited;

  Soak(Testbed bed, long seed, int seconds) {
    this.bed = bed;
    this.seed = seed;
    this.schedule = Schedule.of(seed, bed.machines.size(), seconds);
    this.tag = "soak-" + seed;
  }

  /** Blocks for the schedule's time and until all is whole; fails naming the seed. */
  void run() {
    long begun = Instant.now().getEpochSecond();
    begunNanos = System.nanoTime();
    say("soak, seed %d: %d steps in %d s", seed, schedule.steps().size(), schedule.lastSecond());
    try (Watch watch = new Watch(bed)) {
      hurt();
      whole();
      assertEquals(List.of(), watch.offences(), this::replay);
      nothingIsLost();
      fewLogins(watch, begun);
    } catch (AssertionError e) {
      say("logs are kept in %s", bed.disks.keepLogs("soak-" + seed));
      throw e;
    }
  }

  private void hurt() {
    for (Schedule.Step step : schedule.steps()) {
      if (edited == 0 && step.second() > schedule.lastSecond() / 2) {
        edit();
      }
      LockSupport.parkNanos(
          begunNanos + TimeUnit.SECONDS.toNanos(step.second()) - System.nanoTime());
      say("%s%s", step, bed.does(step.words()) ? "" : "   (there was no peer)");
    }
  }

  /** A change of the list in the middle of it, tried again until it is acknowledged. */
  private void edit() {
    Smon.Result result = bed.smon.run("machines", "edit", "m1", "--tag", tag);
    if (result.exit() == 0) {
      edited = bed.list().version();
    }
    say("%5.0f s  machines edit m1 --tag %s: exit %d", seconds(), tag, result.exit());
  }

  private void whole() {
    long from = System.nanoTime();
    Await.until("all whole", WHOLE_SECONDS, () -> bed.ills() + replay(), bed::whole);
    say(
        "%5.0f s  whole, %d s after the last fault",
        seconds(), (System.nanoTime() - from) / 1_000_000_000);
  }

  private void nothingIsLost() {
    if (edited == 0) {
      edit();
    }
    assertTrue(edited > 0, () -> "no change could be made" + replay());
    Testbed.ListView list = bed.list();
    assertTrue(list.version() >= edited, () -> list + replay());
    assertEquals(List.of(tag), list.machines().get(0).tags(), this::replay);
    assertEquals(bed.machines.size(), list.machines().size(), this::replay);
    for (String machine : bed.machines) {
      assertEquals(list.version(), bed.disks.listOn(machine), () -> machine + replay());
    }
  }

  private void fewLogins(Watch watch, long since) {
    Map<String, List<Login>> needless = needless(watch, since);
    say("logins since the start, sshd's own count:");
    for (String machine : bed.machines) {
      int all = bed.disks.logins(machine, since).size();
      List<Login> some = needless.get(machine);
      say(
          "  %-4s %3d revived a peer, %d needless or failed %s",
          machine, all - some.size(), some.size(), some);
    }
    for (String machine : bed.machines) {
      assertTrue(
          needless.get(machine).size() <= MOST_NEEDLESS,
          () -> machine + " got too many needless or failed logins" + replay());
    }
  }

  private Map<String, List<Login>> needless(Watch watch, long since) {
    Map<String, List<Login>> needless = new LinkedHashMap<>();
    for (String machine : bed.machines) {
      needless.put(
          machine,
          bed.disks.logins(machine, since).stream()
              .filter(l -> !watch.revived(machine, l))
              .toList());
    }
    return needless;
  }

  private String replay() {
    return "; seed=" + seed + " replay: itests/soak " + seed;
  }

  private double seconds() {
    return (System.nanoTime() - begunNanos) / 1e9;
  }

  private static void say(String format, Object... args) {
    System.out.println(format.formatted(args));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What happens to a testbed's machines and when: the same for the same seed. At no time more than
 * half of the machines are hurt, and the network by no more than one fault; whatever has an end has
 * it within the schedule.
 */
record Schedule(List<Step> steps) {
  /**
   * @param second since the start
   * @param words a verb of the testbed, and what it needs
   */
  record Step(int second, List<String> words) {
    @Override
    public String toString() {
      return "%5d s  %s".formatted(second, String.join(" ", words));
    }
  }

  static Schedule of(long seed, int machines, int seconds) {
    return new Schedule(new Dice(seed, machines, seconds).steps());
  }

  int lastSecond() {
    return steps.get(steps.size() - 1).second();
  }

  /** Draws one schedule. */
  private static final class Dice {
    private static final int LEAST_GAP = 3;
    private static final int MOST_GAP = 10;

    private final Random random;
    private final int seconds;
    private final int[] hurtUntil;
    private final List<Step> steps = new ArrayList<>();
    private int networkHurtUntil;

    Dice(long seed, int machines, int seconds) {
      this.random = new Random(seed);
      this.seconds = seconds;
      this.hurtUntil = new int[machines];
    }

    List<Step> steps() {
      for (int now = 0; now < seconds; now += between(LEAST_GAP, MOST_GAP)) {
        if (random.nextInt(4) == 0) {
          hurtNetwork(now);
        } else {
          hurtMachine(now);
        }
      }
      steps.sort(Comparator.comparingInt(Step::second));
      return steps;
    }

    private void hurtMachine(int now) {
      int[] well = IntStream.range(0, hurtUntil.length).filter(i -> hurtUntil[i] <= now).toArray();
      if (well.length <= hurtUntil.length / 2) {
        return;
      }
      int machine = well[random.nextInt(well.length)];
      String name = name(machine);
      hurtUntil[machine] =
          switch (random.nextInt(7)) {
            case 0 -> pair(now, between(2, 30), "crash " + name, "reboot " + name);
            case 1 -> pair(now, between(2, 30), "wipe " + name, "reboot " + name);
            case 2 -> pair(now, 1, "crash " + name, "reboot " + name);
            case 3 -> alone(now, 15, "kill " + name);
            case 4 -> alone(now, 100, "hang " + name);
            case 5 -> pair(now, between(5, 90), "freeze " + name, "thaw " + name);
            default -> pair(now, between(10, 40), "fill " + name, "drain " + name);
          };
    }

    private void hurtNetwork(int now) {
      if (networkHurtUntil > now) {
        return;
      }
      String fault =
          switch (random.nextInt(5)) {
            case 0 -> "cut " + any();
            case 1 -> "cut " + any() + " in";
            case 2 -> "cut " + any() + " out";
            case 3 -> "split " + part();
            default -> "loss all " + between(5, 20);
          };
      networkHurtUntil = pair(now, between(10, 60), fault, "heal");
    }

    private int pair(int now, int lasts, String begin, String end) {
      int until = Math.min(now + lasts, seconds);
      step(now, begin);
      step(until, end);
      return until + between(5, 15);
    }

    private int alone(int now, int lasts, String fault) {
      step(now, fault);
      return now + lasts;
    }

    private void step(int second, String words) {
      steps.add(new Step(second, Arrays.asList(words.split(" "))));
    }

    private String any() {
      return name(random.nextInt(hurtUntil.length));
    }

    private String part() {
      List<String> names =
          new ArrayList<>(IntStream.range(0, hurtUntil.length).mapToObj(Dice::name).toList());
      Collections.shuffle(names, random);
      return String.join(" ", names.subList(0, between(1, hurtUntil.length / 2)));
    }

    private int between(int least, int most) {
      return least + random.nextInt(most - least + 1);
    }

    private static String name(int machine) {
      return "m" + (machine + 1);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final int SECONDS = 600;
  private static final Map<String, String> ENDS =
      Map.of("crash", "reboot", "wipe", "reboot", "freeze", "thaw", "fill", "drain");

  @Test
  void theSameSeedGivesTheSameSchedule() {
    assertEquals(Schedule.of(7, 8, SECONDS), Schedule.of(7, 8, SECONDS));
    assertNotEquals(Schedule.of(7, 8, SECONDS), Schedule.of(8, 8, SECONDS));
  }

  @Test
  void everyKindOfFaultComesUp() {
    Set<String> verbs =
        LongStream.range(0, 5)
            .mapToObj(seed -> Schedule.of(seed, 8, SECONDS))
            .flatMap(schedule -> schedule.steps().stream())
            .map(step -> step.words().get(0))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        "[crash, cut, drain, fill, freeze, hang, heal, kill, loss, reboot, split, thaw, wipe]",
        verbs.toString());
  }

  @Test
  void whatHasAnEndHasItInTimeAndHalfOfTheMachinesStayWell() {
    for (long seed = 0; seed < 200; seed++) {
      Schedule schedule = Schedule.of(seed, 6, 90);
      Set<String> hurt = new HashSet<>();
      boolean network = false;
      for (Schedule.Step step : schedule.steps()) {
        assertTrue(step.second() <= 90, step::toString);
        String verb = step.words().get(0);
        if (ENDS.containsKey(verb)) {
          assertTrue(hurt.add(ENDS.get(verb) + step.words().get(1)), schedule::toString);
        } else if (ENDS.containsValue(verb)) {
          assertTrue(hurt.remove(verb + step.words().get(1)), schedule::toString);
        } else if (Set.of("cut", "split", "loss").contains(verb)) {
          assertTrue(!network, schedule::toString);
          network = true;
        } else if (verb.equals("heal")) {
          network = false;
        }
        assertTrue(hurt.size() <= 3, schedule::toString);
      }
      assertEquals(Set.of(), hurt, schedule::toString);
      assertTrue(!network, schedule::toString);
    }
  }
}

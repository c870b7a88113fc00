// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.Ping;
import org.smon.wire.StatusQuery;

/** What livetag does to running peers (R26 to R28, T2). */
@Timeout(60)
class LivetagTest {
  private static final List<String> NAMES = IntStream.range(0, 8).mapToObj(i -> "m" + i).toList();

  @TempDir Path directory;

  @Test
  void peersThatHearNothingAfterFalseEndThemselvesOnce() {
    try (World world = running()) {
      world.documents.get("m3").offer(world.livetag(Livetag.off(1), 2));
      LivetagSpread.await(() -> world.ended.size() >= NAMES.size());
      assertEquals(NAMES, world.ended.stream().sorted().toList());
      assertTrue(events(world, "m5", "stop").contains("m5"));
    }
  }

  @Test
  void aPeerThatFindsFalseOnItsDiskWaitsThatLongAndEnds() {
    try (World world = new World(directory, NAMES)) {
      long start = System.nanoTime();
      world.start("m0", world.livetag(Livetag.off(1), 2));
      LivetagSpread.await(() -> world.ended.contains("m0"));
      assertTrue(System.nanoTime() - start >= 1_000_000_000L, "not before it was quiet for long");
      assertEquals(List.of(), world.visits);
    }
  }

  @Test
  void questionsOfClientsDoNotKeepAPeerAwake() throws RefusedException {
    try (World world = new World(directory, NAMES)) {
      world.start("m0", world.livetag(Livetag.off(1), 2));
      Ping fromClient = Ping.of(world.genesis.hash(), "client", 0, Versions.NONE, 0);
      LivetagSpread.await(
          () -> {
            try {
              world.peers.get("m0").ping(fromClient);
              world.peers.get("m0").status(new StatusQuery(List.of("m0"), 1_000));
            } catch (RefusedException e) {
              throw new AssertionError(e);
            }
            return world.ended.contains("m0");
          });
    }
  }

  @Test
  void flappedAHundredTimesTheLastWordCountsEverywhereAndNobodyEnds() {
    try (World world = running()) {
      for (int i = 1; i <= 100; i++) {
        Document livetag = world.livetag(i % 2 == 0, i);
        world.documents.get(NAMES.get(i % NAMES.size())).offer(livetag);
      }
      LivetagSpread.await(
          () ->
              world.documents.values().stream()
                  .allMatch(held -> held.versions().counter(DocumentType.LIVETAG) == 100));
      assertTrue(world.documents.values().stream().allMatch(held -> held.livetag().value()));
      assertEquals(List.of(), world.ended);
    }
  }

  @Test
  void machinesWithoutAPeerAreStoppedAsTheyShouldBe() throws RefusedException {
    List<String> names = List.of("m0", "ssh-only", "gone");
    try (World world = new World(directory, names)) {
      world.start("m0", world.livetag(false, 2));
      List<State> states =
          world.peers.get("m0").status(new StatusQuery(null, 3_000)).machines().stream()
              .map(MachineStatus::state)
              .toList();
      assertEquals(List.of(State.online, State.stopped, State.unreachable), states);
    }
  }

  private World running() {
    World world = new World(directory, NAMES);
    NAMES.forEach(world::start);
    return world;
  }

  private static List<String> events(World world, String machine, String kind) {
    return world.log(machine).query(null, null, 1_000).stream()
        .filter(event -> event.kind().equals(kind))
        .map(event -> event.machine())
        .toList();
  }
}

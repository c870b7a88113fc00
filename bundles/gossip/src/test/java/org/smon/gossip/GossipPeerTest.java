// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.wire.EventsQuery;
import org.smon.wire.HoldersMessage;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.Ping;
import org.smon.wire.ShellMessage;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusQuery;
import org.smon.wire.WorkMessage;

class GossipPeerTest {
  @TempDir Path directory;

  @Test
  void documentOfferedAtOnePeerReachesAll() {
    try (World world = running(names(8))) {
      world.documents.get("m3").offer(world.livetag(true, 5));
      await(() -> world.documents.values().stream().allMatch(held -> counter(held) == 5));
    }
  }

  @Test
  void aPeerThatComesAfterAConflictLearnsOfTheLoserByItsPings() {
    try (World world = new World(directory, names(3))) {
      List.of("m0", "m1").forEach(world::start);
      Document one = world.livetag(true, 7);
      Document other =
          new Document(
              one.type(),
              one.overlay(),
              one.counter(),
              List.of(),
              World.AT.plusSeconds(1),
              one.body(),
              List.of());
      for (Document rival : List.of(one, other)) {
        world.documents.get("m0").offer(rival);
        world.documents.get("m1").offer(rival);
      }
      world.start("m2");
      List<String> loser = List.of((one.supersedes(other) ? other : one).hash());
      await(() -> world.documents.get("m2").conflictHashes().equals(loser));
    }
  }

  @Test
  void aPeerOfARaisedWireVersionThatStillSpeaksThisOneGetsDocuments() {
    try (World world = new World(directory, names(2))) {
      world.wireVersions.put("m1", List.of(1, 2));
      names(2).forEach(world::start);
      world.documents.get("m0").offer(world.livetag(true, 5));
      await(() -> world.saidToOthers.contains("take"));
      await(() -> counter(world.documents.get("m1")) == 5);
    }
  }

  @Test
  void whoSpeaksNoWireVersionOfThisPeerLivesAndIsToldNothing() {
    try (World world = new World(directory, names(2))) {
      world.wireVersions.put("m1", List.of(2, 3));
      names(2).forEach(world::start);
      await(() -> told(world, "m0", "m1", "it speaks wire versions 2 to 3, this peer 1 to 1"));
      assertEquals(List.of(), world.visits, "an answer is a sign of life");
      assertEquals(List.of(), world.saidToOthers);
    }
  }

  private static boolean told(World world, String peer, String machine, String cause) {
    return world.log(peer).query(machine, null, 100).stream()
        .anyMatch(event -> event.cause().equals(cause));
  }

  @Test
  void aPeerTellsWhoHasADocumentOnDiskForOneThatReachesNobodyElse() {
    try (World world = running(names(20))) {
      world.stop("m3");
      Document livetag = world.livetag(true, 9);
      world.documents.get("m7").offer(livetag);
      HoldersMessage query =
          new HoldersMessage("livetag", livetag.hash(), List.of("m1", "m3", "m7", "stranger"));
      await(() -> counter(world.documents.get("m1")) == 9);
      await(() -> holders(world, query).equals(List.of("m1", "m7")));
      HoldersMessage unknown = new HoldersMessage("hologram", "x", List.of("m0"));
      assertThrows(RefusedException.class, () -> world.peers.get("m0").holders(unknown));
    }
  }

  @Test
  void statusShowsEveryMachineOfTheListWithItsTruth() throws RefusedException {
    List<String> names = List.of("m0", "m1", "m2", "gone", "ssh-only");
    try (World world = new World(directory, names)) {
      List.of("m0", "m1", "m2").forEach(world::start);
      StatusAnswer status = world.peers.get("m0").status(new StatusQuery(null, 3_000));
      assertEquals(names, status.machines().stream().map(MachineStatus::name).toList());
      assertEquals(3, status.summary().online());
      assertEquals(State.unreachable, status.machines().get(3).state());
      assertTrue(
          List.of(State.down, State.unreachable, State.deploying)
              .contains(status.machines().get(4).state()));
    }
  }

  @Test
  void statusOfFortyPeersIsCollectedThroughTheTree() {
    try (World world = running(names(40))) {
      await(() -> online(world, "m7") == 40);
    }
  }

  @Test
  void silentHeadOfABranchHandsItToTheNext() {
    try (World world = running(names(40))) {
      world.stop("m1");
      await(() -> online(world, "m0") == 39);
    }
  }

  @Test
  void heartBeatsOnceThePeerAnswersItself() {
    try (World world = running(names(1))) {
      assertTrue(world.peers.containsKey("m0"));
      Path heartbeat = directory.resolve("m0/state/heartbeat");
      await(() -> Files.exists(heartbeat) && !read(heartbeat).isEmpty());
      String[] beat = read(heartbeat).split(" +");
      assertEquals(Long.toString(ProcessHandle.current().pid()), beat[0]);
      assertEquals(Long.toString(World.AT.toEpochMilli()), beat[1]);
    }
  }

  /** As on a full disk: the file is overwritten where it lies, and no other is ever made. */
  @Test
  void heartbeatNeedsNoRoomForAnotherFile() throws Exception {
    Path root = Files.createDirectories(directory.resolve("full"));
    Heartbeat heartbeat = new Heartbeat(new World.Here("m0", "ab", root, 7, World.AT));
    heartbeat.beat();
    Path file = root.resolve("state/heartbeat");
    Object inode = Files.getAttribute(file, "unix:ino");
    long size = Files.size(file);
    heartbeat.beat();
    assertEquals(inode, Files.getAttribute(file, "unix:ino"));
    assertEquals(size, Files.size(file));
  }

  @Test
  void shareBesideTheFirstPeerIsTakenOnceAndWalked() throws Exception {
    try (World world = new World(directory, names(3))) {
      Path state = Files.createDirectories(directory.resolve("m0/state"));
      Files.writeString(state.resolve("deployedBy"), "client\n");
      Files.writeString(state.resolve("copies"), "1\n");
      Files.writeString(state.resolve("work"), "ab".repeat(32) + " 0 3\n");
      world.start("m0");
      await(() -> !Files.exists(state.resolve("work")));
      MachineStatus own =
          world.peers.get("m0").status(new StatusQuery(List.of("m0"), 1_000)).machines().get(0);
      assertEquals("client", own.deployedBy());
      assertEquals(1, own.copies());
    }
  }

  @Test
  void eventsOfAllPeersAboutAMachineAreCollected() throws RefusedException {
    try (World world = running(names(3))) {
      await(() -> !events(world, "m1").isEmpty());
      assertTrue(events(world, "m1").stream().allMatch(peer -> peer.startsWith("m")));
    }
  }

  @Test
  void incompleteMessagesAreRefusedInOneLine() {
    try (World world = running(names(1))) {
      GossipPeer peer = world.peers.get("m0");
      assertThrows(RefusedException.class, () -> peer.ping(null));
      assertThrows(RefusedException.class, () -> peer.offer("rubbish"));
      assertThrows(RefusedException.class, () -> peer.document("rubbish"));
      assertThrows(RefusedException.class, () -> peer.document("release"));
      assertThrows(RefusedException.class, () -> peer.blob("../../etc/passwd", 0));
      assertThrows(RefusedException.class, () -> peer.work(new WorkMessage("stranger", null)));
      assertThrows(RefusedException.class, () -> peer.statusPart(new StatusQuery(null, 100)));
      assertThrows(
          RefusedException.class, () -> peer.shell(new ShellMessage.Line("a", 1, "b", null)));
    }
  }

  @Test
  void strangersPingIsAnsweredButIsNoPartOfTheProtocol() throws RefusedException {
    try (World world = running(names(1))) {
      Ping pong =
          world.peers.get("m0").ping(Ping.of(world.genesis.hash(), "client", 0, Versions.NONE, 7));
      assertEquals("m0", pong.from());
      assertFalse(pong.versions().byType().isEmpty());
    }
  }

  @Test
  void branchesAreAtMost16AndHoldEveryNameOnce() {
    for (int size : new int[] {0, 1, 16, 17, 117, 15_000}) {
      List<List<String>> branches = Tree.branches(names(size));
      assertTrue(branches.size() <= Tree.BRANCHES);
      assertEquals(names(size), branches.stream().flatMap(List::stream).toList());
    }
  }

  private World running(List<String> names) {
    World world = new World(directory, names);
    names.forEach(world::start);
    return world;
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
  }

  private static long counter(World.HeldInMemory held) {
    return held.versions().counter(DocumentType.LIVETAG);
  }

  /** As told by this peer; who is late is missing, and is there when it is asked again. */
  private static int online(World world, String asked) {
    try {
      return world.peers.get(asked).status(new StatusQuery(null, 5_000)).summary().online();
    } catch (RefusedException e) {
      return 0;
    }
  }

  private static List<String> holders(World world, HoldersMessage query) {
    try {
      return world.peers.get("m0").holders(query).machines().stream().sorted().toList();
    } catch (RefusedException e) {
      return List.of();
    }
  }

  private static List<String> events(World world, String machine) {
    try {
      return world
          .peers
          .get("m0")
          .events(new EventsQuery(machine, null, 50, null))
          .events()
          .stream()
          .map(event -> event.peer())
          .toList();
    } catch (RefusedException e) {
      return List.of();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(15),
        () -> {
          while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
          }
        });
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.MachineList;

/** A change counts once three disks have it, and nobody's edit is lost (T5, R32). */
class AcknowledgeTest {
  private static final int MACHINES = 5;
  private static final String KEY = "SHA256:" + "k".repeat(43);

  @TempDir private Path user;
  private DiskPeers peers;
  private Cli cli;

  @BeforeEach
  void found() throws IOException {
    peers = new DiskPeers(user, MACHINES);
    cli = new Cli(user).with("SMON_HOME", peers.home.directory().toString());
  }

  @AfterEach
  void close() {
    peers.close();
  }

  private Cli.Outcome edit(int machine, String owner, String... options) {
    String[] words = {"machines", "edit", DiskPeers.name(machine), "--user", owner};
    return cli.run(Stream.concat(Stream.of(words), Stream.of(options)).toArray(String[]::new));
  }

  private long holders(String owner) {
    return IntStream.range(0, MACHINES)
        .filter(i -> peers.onDisk(i).held(DocumentType.LIST).isPresent())
        .filter(i -> peers.list(i).body().contains(" " + owner + " "))
        .count();
  }

  @Test
  void acknowledgedIsOnThreeDisksSoAnyTwoMayBeLost() {
    peers.start(0, 1, 2, 3, 4);
    String told = edit(2, "joe").exits(0).err();
    assertTrue(told.contains("list 2 is on 3 disks"), told);
    assertTrue(holders("joe") >= 3, told);
  }

  @Test
  void withFewerItIsKeptSaidAndPublishedAgainByTheNextCommand() {
    peers.start(0);
    String told = edit(2, "joe", "--timeout", "0").exits(3).err();
    assertTrue(told.contains("held by 1 of 3: safe only while 127.0.0.11 lives"), told);
    assertEquals(1, told.lines().filter(line -> line.startsWith("smon:")).count(), told);
    peers.stop(0);
    String lonely = cli.run("machines", "list").exits(0).err();
    assertTrue(lonely.contains("held by 0 of 3: no peer answers"), lonely);
    peers.start(0, 1, 2, 3);
    String again = cli.run("machines", "list").exits(0).err();
    assertTrue(again.contains("list 2, of an earlier command, is acknowledged now"), again);
    assertTrue(holders("joe") >= 3, again);
    assertEquals("", cli.run("machines", "list").exits(0).err(), "said once");
  }

  @Test
  void whoReachesOnePeerAloneAsksItForTheOthersDisks() {
    peers.start(0);
    peers.knownHolders.addAll(List.of(DiskPeers.name(3), "stranger.example"));
    String told = edit(2, "joe", "--timeout", "0").exits(3).err();
    assertTrue(told.contains("held by 2 of 3"), told);
    peers.knownHolders.add(DiskPeers.name(4));
    cli.run("machines", "list").exits(0);
    assertEquals("", cli.run("machines", "list").exits(0).err());
  }

  @Test
  void itGoesOnTryingUntilTheTimeIsOver() {
    peers.start(0, 1);
    cli.once("trying on", () -> peers.start(3));
    String told = edit(2, "joe", "--timeout", "60").exits(0).err();
    assertTrue(told.contains("held by 2 of 3"), told);
    assertTrue(told.contains("list 2 is on 3 disks"), told);
  }

  @Test
  void whoEditsFetchesWhatTheOverlayHoldsFirst() throws IOException {
    peers.start(0, 1, 2);
    Cli second = second();
    edit(2, "joe").exits(0);
    second.run("machines", "edit", DiskPeers.name(3), "--user", "ann").exits(0);
    assertTrue(peers.list(0).body().contains(" joe "));
    assertEquals(3, holders("ann"));
    assertEquals(3, peers.list(0).counter());
    assertEquals(List.of(), peers.onDisk(0).conflictHashes());
  }

  @Test
  void whatSomebodyHasGoneOnFromCountsAsAcknowledgedAndIsFetched() throws IOException {
    peers.start(0);
    edit(2, "joe", "--timeout", "0").exits(3);
    peers.start(1, 2);
    second().run("machines", "edit", DiskPeers.name(3), "--user", "ann").exits(0);
    String told = cli.run("machines", "list").exits(0).err();
    assertTrue(told.contains("acknowledged now"), told);
    String list = cli.run("machines", "list").exits(0).out();
    assertTrue(list.contains("ann") && list.contains("joe"), list);
  }

  @Test
  void aRemovedMachineIsToldAtOnceAndNamedIfItCannotBe() {
    peers.start(0, 1, 2, 3);
    String told = cli.run("machines", "remove", DiskPeers.name(3)).exits(0).err();
    assertFalse(told.contains("no peer answers"), told);
    assertFalse(peers.onDisk(3).list().contains(DiskPeers.name(3)));
    String untold = cli.run("machines", "remove", DiskPeers.name(4)).exits(0).err();
    assertTrue(untold.contains("no peer answers at " + DiskPeers.name(4)), untold);
  }

  @Test
  void twoEditsOfOneVersionHaveAWinnerAndTheLoserIsMerged() throws IOException {
    peers.start(0);
    Cli second = second();
    peers.close();
    edit(2, "joe", "--timeout", "0").exits(3);
    second.run("machines", "add", "new.example", "--host-key", KEY, "--timeout", "0").exits(3);
    peers.start(0); // alone: these peers do not gossip, and of several any may keep the loser
    cli.run("machines", "list").exits(0);
    String told = second.run("machines", "list").exits(0).err();
    Document winner = peers.list(0);
    List<String> losers = peers.onDisk(0).conflictHashes();
    assertEquals(1, losers.size(), told);
    String shown = cli.run("machines", "conflicts").exits(0).out();
    assertTrue(shown.contains(losers.get(0).substring(0, 12)), shown);
    assertTrue(
        cli.run("machines", "conflicts", "--json").out().contains("\"hash\": \"" + losers.get(0)));

    second.run("machines", "conflicts", "--merge", "--timeout", "0").exits(3);
    MachineList merged = MachineList.ofBody(peers.list(0).body());
    assertTrue(merged.contains("new.example"));
    assertEquals("joe", merged.find(DiskPeers.name(2)).orElseThrow().user());
    assertEquals(winner.counter() + 1, peers.list(0).counter());
    assertEquals(List.of(), peers.onDisk(0).conflictHashes());
    assertTrue(cli.run("machines", "conflicts").exits(0).out().contains("no conflicts"));
  }

  @Test
  void aConflictCanBeDroppedAndAWrongHashIsNamed() throws IOException {
    peers.start(0);
    Cli second = second();
    peers.close();
    edit(2, "joe", "--timeout", "0").exits(3);
    second.run("machines", "edit", DiskPeers.name(2), "--user", "ann", "--timeout", "0").exits(3);
    peers.start(0);
    cli.run("machines", "list").exits(0);
    second.run("machines", "list").exits(0);
    cli.run("machines", "conflicts", "--drop", "abc").exits(1);
    String body = peers.list(0).body();
    String hash = peers.onDisk(0).conflictHashes().get(0).substring(0, 8);
    cli.run("machines", "conflicts", "--drop", hash, "--timeout", "0").exits(3);
    assertEquals(List.of(), peers.onDisk(0).conflictHashes());
    assertEquals(body, peers.list(0).body());
    assertTrue(
        cli.run("machines", "conflicts", "--merge")
            .exits(1)
            .err()
            .contains("there is no conflict"));
  }

  @Test
  void anotherOperatorIsAddedSignsAndTakesTheFounderOut() throws IOException {
    peers.start(0, 1, 2);
    Path other = copied("other");
    Files.delete(ClientHome.operatorKeyFile(other));
    Cli second = new Cli(user).with("SMON_HOME", other.toString());
    String key = second.run("operator", "key").exits(0).out().strip();
    second.run("operator", "add", key).exits(1);
    assertEquals("", second.run("machines", "list").exits(0).err(), "nothing to publish again");
    edit(2, "joe").exits(0);
    assertTrue(
        second
            .run("machines", "edit", DiskPeers.name(2), "--user", "ann")
            .exits(1)
            .err()
            .contains("not signed by an operator"));
    cli.run("operator", "add", key).exits(0);
    second.run("machines", "edit", DiskPeers.name(3), "--user", "ann").exits(0);
    String founder = peers.home.operator().publicText();
    assertTrue(cli.run("operator", "remove", founder).exits(1).err().contains("this very home"));
    edit(2, "joe2").exits(0);
    second.run("operator", "remove", founder.substring(40)).exits(0);
    assertEquals(List.of(key), peers.onDisk(0).settings().operators());
    assertTrue(peers.list(0).body().contains(" joe2 "), "endorsed: it stays in force");
    assertTrue(edit(4, "eve").exits(1).err().contains("not signed by an operator"));
    peers.start(3);
    assertTrue(peers.list(3).body().contains(" ann "));
    assertTrue(second.run("operator", "list").exits(0).out().contains("(this home)"));
  }

  @Test
  void whatIsNoOperatorIsNamed() {
    String self = peers.home.operator().publicText();
    assertTrue(cli.run("operator", "add", "x").exits(1).err().contains("'x' is no operator's"));
    assertTrue(cli.run("operator", "add", self).exits(1).err().contains("counts already"));
    assertTrue(cli.run("operator", "remove", "zz").exits(1).err().contains("'zz'"));
    assertFalse(cli.run("operator").exits(2).err().isEmpty());
  }

  /** Another operator's home, as it was when the first one was copied. */
  private Cli second() throws IOException {
    return new Cli(user).with("SMON_HOME", copied("second").toString());
  }

  private Path copied(String name) throws IOException {
    Path from = peers.home.directory();
    Path to = user.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }
}

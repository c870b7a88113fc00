// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.RefusedException;
import org.smon.client.ClientHome;
import org.smon.security.KeChannel;
import org.smon.security.OverlayKey;
import org.smon.security.SigningKey;
import org.smon.transport.CxfConnections;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.PeerApi;
import org.smon.wire.ShellMessage;
import org.smon.wire.StatusAnswer;

/**
 * The main job on five machines: deployed by one command, then hurt in every way the paper names,
 * and whole again with nobody doing anything (R5 to R15, R34, R35, R38, R40). One demo for all, so
 * the order matters: what only looks comes first.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DemoIT {
  private static final int HEAL_SECONDS = 120;
  private static final int MOST_STROKES = 5;
  private static final List<String> MACHINES =
      List.of("127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4", "127.0.1.5");

  @TempDir static Path temp;
  private static RunningDemo demo;
  private static Process secondAgent;

  @BeforeAll
  static void deploy() throws IOException {
    demo = RunningDemo.start(temp, MACHINES.size(), "embedded");
  }

  @AfterAll
  static void stop() {
    if (secondAgent != null) {
      secondAgent.destroyForcibly();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  @Order(1)
  void oneCommandBringsAllOnlineAndThePayloadCrossesTheNetworkOncePerMachine() {
    StatusAnswer end = demo.started.done().json(StatusAnswer.class);
    StatusAnswer asked = demo.smon.run("status", "--json").done().json(StatusAnswer.class);
    for (StatusAnswer status : List.of(end, asked)) {
      assertEquals(new StatusAnswer.Summary(5, 5, 0, 0, 0), status.summary());
      assertEquals(MACHINES, status.machines().stream().map(MachineStatus::name).toList());
      for (MachineStatus machine : status.machines()) {
        assertEquals(State.online, machine.state(), machine::toString);
        assertEquals(1, machine.copies(), machine::toString);
        assertEquals(demo.peers(machine.name()).get(0).pid(), machine.pid(), machine::toString);
      }
      List<String> deployers =
          status.machines().stream()
              .map(MachineStatus::deployedBy)
              .filter(MACHINES::contains)
              .toList();
      assertEquals(MACHINES.size() - 1, deployers.size(), status::toString);
    }
  }

  @Test
  @Order(2)
  void theUsersPrivateKeyIsInNoFileAndNoMemoryOfAnyPeer() throws IOException {
    Path client = demo.clientHome();
    Secrets secrets =
        new Secrets()
            .privateKey("the user's ssh key", demo.userKey())
            .privateKey("the enrolment key", client.resolve("agent/enrolment.key"))
            .privateKey("the agent's TLS key", client.resolve("agent/tls.key"))
            .privateKey("the operator's key", client.resolve("operator.key"));
    assertEquals(List.of(), holders(secrets), "files of the machines");
    Secrets all = secrets.raw("K_E", overlayKey());
    for (String machine : MACHINES) {
      Proc peer = demo.peers(machine).get(0);
      assumeTrue(
          Files.isReadable(Path.of("/proc/" + peer.pid() + "/mem")),
          "this kernel lets nobody read another process's memory (ptrace_scope)");
      // That K_E is found, which a peer has to know, shows that the search does find.
      assertEquals(Set.of("K_E"), withoutHex(all.inMemoryOf(peer.pid())), machine);
    }
  }

  private static Set<String> withoutHex(Set<String> names) {
    Set<String> plain = new HashSet<>(names);
    plain.remove("K_E in hex"); // the key file's text, on its way
    return plain;
  }

  @Test
  @Order(3)
  void theOverlayKeyTravelsInNoPackageNoArgumentsAndNoEnvironment() throws IOException {
    Secrets key = new Secrets().raw("K_E", overlayKey());
    List<Path> holders = holders(key);
    assertEquals(MACHINES.size(), holders.size(), holders::toString);
    for (Path holder : holders) {
      assertTrue(holder.toString().matches(".*/keys/[0-9a-f]{64}"), holder::toString);
      assertEquals("rw-------", permissions(holder), holder::toString);
    }
    try (Stream<Path> release = Files.walk(Smon.DIST.resolve("release"))) {
      for (Path file : release.filter(Files::isRegularFile).toList()) {
        assertEquals(Set.of(), key.in(file), file::toString);
      }
    }
    assertEquals(List.of(), demo.census().offences());
  }

  private static byte[] overlayKey() throws IOException {
    return RunningDemo.overlayKey(demo.clientHome()).bytes();
  }

  private static String permissions(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  /** Files of all machines that hold one of them; hard links count once. */
  private static List<Path> holders(Secrets secrets) throws IOException {
    Set<Object> inodes = new HashSet<>();
    List<Path> holders = new ArrayList<>();
    try (Stream<Path> files = Files.walk(demo.machinesDirectory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (inodes.add(inode(file)) && !secrets.in(file).isEmpty()) {
          holders.add(file);
        }
      }
    }
    return holders;
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  @Test
  @Order(4)
  void aShellAtAPeerShowsItsViewAndItsFeatures() {
    String status = demo.smon.run("shell", "127.0.1.2", "--", "smon:status").done().out();
    MACHINES.forEach(machine -> assertTrue(status.contains(machine), status));
    assertTrue(status.contains("5 of 5 online"), status);
    String features = demo.smon.run("shell", "127.0.1.2", "--", "feature:list").done().out();
    assertTrue(features.contains("smon-peer"), features);
  }

  @Test
  @Order(5)
  void aShellLineRunsOnceAtOnePeerAndOnlyForAnOperator() throws RefusedException {
    PeerApi peer = demo.peer("127.0.1.2");
    SigningKey operator = demo.home().operator();
    ShellMessage.Greeting greeting = peer.shellGreeting();
    ShellMessage.Line line = line(greeting, 1, operator);
    assertTrue(peer.shell(line).output().contains("127.0.1.5"));
    assertThrows(RefusedException.class, () -> peer.shell(line), "a replay");
    ShellMessage.Line foreign = line(greeting, 2, SigningKey.generate());
    assertThrows(RefusedException.class, () -> peer.shell(foreign), "another key");
    ShellMessage.Line altered =
        new ShellMessage.Line(line.nonce(), 2, "feature:list", line(greeting, 2, operator).seal());
    assertThrows(RefusedException.class, () -> peer.shell(altered), "another line");
    PeerApi other = demo.peer("127.0.1.3");
    ShellMessage.Line elsewhere = line(greeting, 2, operator);
    assertThrows(RefusedException.class, () -> other.shell(elsewhere), "another peer");
    assertTrue(peer.shell(elsewhere).output().contains("127.0.1.5"), "the session goes on");
  }

  private static ShellMessage.Line line(
      ShellMessage.Greeting greeting, long sequence, SigningKey key) {
    return ShellMessage.Line.signed(
        demo.home().documents().overlayId(),
        greeting,
        sequence,
        "smon:machines",
        key.privateKey(),
        key.publicKey());
  }

  @Test
  @Order(6)
  void aMachineThatCrashedAndCameBackIsRevivedByItsFellows() {
    Map<String, Long> before = pids();
    demo.verb("crash", "127.0.1.3");
    assertEquals(List.of(), demo.peers("127.0.1.3"));
    demo.verb("reboot", "127.0.1.3");
    StatusAnswer after = demo.awaitAllOnline(HEAL_SECONDS);
    assertOthersUntouched(before, List.of("127.0.1.3"));
    assertEquals(1, RunningDemo.machine(after, "127.0.1.3").copies(), "revived, not deployed");
  }

  @Test
  @Order(7)
  void anAcknowledgedChangeSurvivesTheLossOfTwoOfItsThreeDisks() throws IOException {
    Map<String, Long> before = pids();
    String told = demo.smon.run("machines", "edit", "127.0.1.2", "--tag", "kept").done().err();
    List<String> disks = MACHINES.stream().filter(told::contains).toList();
    assertTrue(disks.size() >= 3, told);
    List<String> lost = disks.subList(0, 2);
    lost.forEach(machine -> demo.peers(machine).forEach(Proc::kill));
    lost.forEach(machine -> demo.verb("wipe", machine));
    lost.forEach(machine -> demo.verb("reboot", machine));
    StatusAnswer after = demo.awaitAllOnline(HEAL_SECONDS);
    assertOthersUntouched(before, lost);
    for (String machine : lost) {
      MachineStatus fresh = RunningDemo.machine(after, machine);
      assertEquals(1, fresh.copies(), fresh::toString);
      assertTrue(MACHINES.contains(fresh.deployedBy()), fresh::toString);
    }
    for (String machine : MACHINES) {
      assertTrue(
          demo.line(machine, "state/doc-list").contains("kept"), () -> told + " not on " + machine);
    }
  }

  @Test
  @Order(8)
  void whenADeployerDiesInTheMiddleOfACopyAnotherOneFinishesIt() {
    String deployer = inTheMiddleOfACopyTo("127.0.1.5", () -> killPeerThatCopiesTo("127.0.1.5"));
    demo.verb("crash", deployer); // else it may be revived in time to be the one that finishes
    Await.until(
        "another one finishes it",
        HEAL_SECONDS,
        demo::status,
        () -> demo.isOnline("127.0.1.5") && demo.peers("127.0.1.5").size() == 1);
    demo.verb("reboot", deployer);
    StatusAnswer after = demo.awaitAllOnline(HEAL_SECONDS);
    MachineStatus finished = RunningDemo.machine(after, "127.0.1.5");
    assertEquals(1, finished.copies(), () -> "resumed, not copied again: " + finished);
    assertTrue(finished.attempts() >= 2, finished::toString);
    assertNotEquals(deployer, finished.deployedBy(), finished::toString);
  }

  private static String killPeerThatCopiesTo(String machine) {
    String deployer = demo.line(machine, "state/claimed");
    demo.peers(deployer).forEach(Proc::kill);
    return deployer;
  }

  @Test
  @Order(9)
  void whenTheFarEndDiesInTheMiddleOfACopyTheNextVisitGoesOnFromThere() {
    inTheMiddleOfACopyTo(
        "127.0.1.3",
        () -> {
          Proc.all().stream()
              .filter(p -> p.has("SMON_DEMO_MACHINE", demo.homeOf("127.0.1.3")))
              .forEach(Proc::kill);
          return "";
        });
    MachineStatus finished = RunningDemo.machine(demo.awaitAllOnline(HEAL_SECONDS), "127.0.1.3");
    assertEquals(1, finished.copies(), finished::toString);
  }

  /**
   * Wipes the machine, and strikes when a part of the payload has arrived there; once more if the
   * copy was over before it was seen, or before the stroke fell.
   */
  private static String inTheMiddleOfACopyTo(
      String machine, java.util.function.Supplier<String> strike) {
    for (int i = 0; i < MOST_STROKES; i++) {
      demo.verb("wipe", machine);
      CompletableFuture<Void> reboot =
          CompletableFuture.runAsync(() -> demo.verb("reboot", machine));
      boolean seen = Await.glimpsed(HEAL_SECONDS, () -> hasPart(machine) || isInstalled(machine));
      assertTrue(seen, "no copy began");
      String struck = hasPart(machine) ? strike.get() : "";
      boolean inTime = hasPart(machine) && !isInstalled(machine);
      reboot.join();
      if (inTime) {
        return struck;
      }
      demo.awaitAllOnline(HEAL_SECONDS);
    }
    throw new AssertionError("every copy was over too soon for this test");
  }

  private static boolean isInstalled(String machine) {
    return !demo.line(machine, "state/installed").isEmpty();
  }

  private static boolean hasPart(String machine) {
    return demo.files(machine, "blobs/*.part").stream()
        .anyMatch(p -> p.toFile().length() > 1 << 20);
  }

  @Test
  @Order(10)
  void withTheAgentDownNobodyIsHealedAndOnceItIsBackEverybodyIs() throws IOException {
    Map<String, Long> before = pids();
    demo.agent().kill();
    demo.peers("127.0.1.2").get(0).kill();
    Await.until(
        "an event that tells that no agent answers",
        HEAL_SECONDS,
        () -> demo.smon.run("why", "127.0.1.2"),
        () -> demo.smon.run("why", "127.0.1.2").out().contains("no agent answers"));
    assertEquals(List.of(), demo.peers("127.0.1.2"));
    secondAgent = demo.startAgent();
    demo.awaitAllOnline(HEAL_SECONDS);
    assertOthersUntouched(before, List.of("127.0.1.2"));
  }

  @Test
  @Order(11)
  void theOneThatIsLeftBringsAllBack() {
    String survivor = "127.0.1.1";
    long pid = pids().get(survivor);
    List<String> lost = MACHINES.stream().filter(m -> !m.equals(survivor)).toList();
    lost.forEach(machine -> demo.peers(machine).forEach(Proc::kill));
    lost.forEach(machine -> demo.verb("wipe", machine));
    lost.forEach(machine -> demo.verb("reboot", machine));
    StatusAnswer after = demo.awaitAllOnline(200);
    assertEquals(pid, RunningDemo.machine(after, survivor).pid());
    for (MachineStatus machine : after.machines()) {
      assertEquals(1, machine.copies(), machine::toString);
    }
  }

  @Test
  @Order(12)
  void theOverlayStopsWhenToldAndAPeerThatMissedItWakesNobodyUp() {
    Proc missesIt = demo.peers("127.0.1.5").get(0);
    missesIt.signal("STOP");
    List<String> others = MACHINES.subList(0, 4);
    assertEquals(3, demo.smon.run("shutdown", "--timeout", "1").exit());
    Await.until(
        "no peer of the four that heard of it",
        HEAL_SECONDS,
        () -> demo.smon.run("status"),
        () -> others.stream().allMatch(machine -> demo.peers(machine).isEmpty()));
    assertEquals(3, demo.smon.run("shutdown", "--timeout", "1").exit(), "one hangs");
    missesIt.signal("CONT");
    Await.until(
        "the fifth has heard of it too",
        HEAL_SECONDS,
        () -> demo.smon.run("status"),
        () -> demo.peers("127.0.1.5").isEmpty());
    others.forEach(machine -> assertEquals(List.of(), demo.peers(machine), machine));
    demo.smon.run("shutdown").done();
    StatusAnswer status = demo.smon.run("status", "--json").json(StatusAnswer.class);
    status.machines().forEach(m -> assertEquals(State.stopped, m.state(), m::toString));
  }

  @Test
  @Order(13)
  void aPeerStartedWhileLivetagIsFalseEndsItselfWithStatusZero() throws Exception {
    Path root = demo.files("127.0.1.2", "state").get(0).getParent();
    Document off =
        ClientHome.open(demo.clientHome()).sign(DocumentType.LIVETAG, Livetag.off(2).body());
    Files.writeString(root.resolve("state/doc-livetag"), off.text());
    String runtime = demo.line("127.0.1.2", "state/installed").split(" ")[1];
    ProcessBuilder start =
        new ProcessBuilder(root.resolve("runtime/" + runtime + "/bin/peer").toString(), root + "");
    start.environment().put("SMON_DEMO_MACHINE", demo.homeOf("127.0.1.2").toString());
    Process peer =
        start.redirectErrorStream(true).redirectOutput(temp.resolve("peer").toFile()).start();
    assertTrue(peer.waitFor(HEAL_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, peer.exitValue());
  }

  @Test
  @Order(14)
  void deployAfterThatBringsAllBackWithoutAnotherCopy() {
    Map<String, Integer> copies = copies();
    StatusAnswer after = demo.smon.run("deploy", "--json").done().json(StatusAnswer.class);
    assertEquals(5, after.summary().online());
    assertTrue(after.livetag().value());
    demo.awaitAllOnline(HEAL_SECONDS);
    assertEquals(copies, copies());
  }

  private static Map<String, Integer> copies() {
    Map<String, Integer> copies = new TreeMap<>();
    for (String machine : MACHINES) {
      copies.put(machine, Integer.valueOf(demo.line(machine, "state/copies")));
    }
    return copies;
  }

  @Test
  @Order(15)
  void aRemovedMachineIsLeftCleanAndComesBackWhenItIsAddedAgain() {
    String gone = "127.0.1.5";
    Map<String, Long> before = pids();
    demo.smon.run("machines", "remove", gone).done();
    Await.until(
        "nothing of a peer on " + gone,
        HEAL_SECONDS,
        () -> demo.smon.run("why", "127.0.1.1"),
        () -> demo.peers(gone).isEmpty() && !Files.exists(demo.homeOf(gone).resolve(".smon-peer")));
    assertEquals(4, demo.status().summary().total());
    demo.smon.run("machines", "add", gone).done();
    demo.awaitAllOnline(HEAL_SECONDS);
    assertOthersUntouched(before, List.of(gone));
  }

  @Test
  @Order(16)
  void aNewOverlayKeyReplacesTheOldOneAndAMachineThatWasOffGetsItOverSsh() throws Exception {
    OverlayKey old = RunningDemo.overlayKey(demo.clientHome());
    Map<String, Long> before = pids();
    demo.verb("crash", "127.0.1.5");
    demo.smon.run("key", "rotate").done();
    demo.reopen();
    for (String machine : MACHINES.subList(0, 4)) {
      assertRefused(old, machine);
    }
    demo.verb("reboot", "127.0.1.5");
    demo.awaitAllOnline(HEAL_SECONDS);
    assertOthersUntouched(before, List.of("127.0.1.5"));
    assertOnlyKey(RunningDemo.overlayKey(demo.clientHome()));
  }

  @Test
  @Order(17)
  void afterALeakTheNewKeyComesOverSshAndNoPeerStops() throws Exception {
    OverlayKey leaked = RunningDemo.overlayKey(demo.clientHome());
    Map<String, Long> before = pids();
    demo.smon.run("key", "rotate", "--leaked").done();
    demo.reopen();
    assertEquals(MACHINES.size(), demo.awaitAllOnline(30).summary().online());
    assertEquals(before, pids());
    for (String machine : MACHINES) {
      assertRefused(leaked, machine);
    }
    assertOnlyKey(RunningDemo.overlayKey(demo.clientHome()));
  }

  private static void assertRefused(OverlayKey key, String machine) {
    try (CxfConnections thief = new CxfConnections(new KeChannel(key))) {
      PeerApi peer = thief.peer(machine, demo.gossipPort, 5_000);
      assertThrows(UncheckedIOException.class, peer::shellGreeting);
    }
  }

  private static void assertOnlyKey(OverlayKey key) {
    for (String machine : MACHINES) {
      assertEquals(1, demo.files(machine, "keys/*").size(), machine);
      assertEquals(1, demo.files(machine, "keys/" + key.keyId()).size(), machine);
    }
  }

  @Test
  @Order(18)
  void inAllThatTimeNoMachineEverHadTwoPeers() {
    assertEquals(List.of(), demo.census().offences());
  }

  @Test
  @Order(19)
  void purgeLeavesEveryMachineAsItWasBeforeTheOverlayCame() throws IOException {
    demo.smon.run("purge", "--yes").done();
    for (String machine : MACHINES) {
      assertEquals(List.of(), demo.peers(machine));
      Path home = demo.homeOf(machine);
      Path keys = home.resolve(".ssh/authorized_keys");
      try (Stream<Path> left = Files.walk(home)) {
        assertEquals(Set.of(home, keys.getParent(), keys), left.collect(Collectors.toSet()));
      }
      assertEquals(1, Files.readAllLines(keys).size(), "the user's own key");
    }
    assertEquals(5, demo.smon.run("status", "--json").json(StatusAnswer.class).summary().total());
  }

  private static Map<String, Long> pids() {
    Map<String, Long> pids = new TreeMap<>();
    MACHINES.forEach(machine -> demo.peers(machine).forEach(p -> pids.put(machine, p.pid())));
    return pids;
  }

  private static void assertOthersUntouched(Map<String, Long> before, List<String> machines) {
    Map<String, Long> after = pids();
    for (String machine : machines) {
      assertNotEquals(before.get(machine), after.get(machine));
      before.remove(machine);
      after.remove(machine);
    }
    assertEquals(before, after);
  }
}

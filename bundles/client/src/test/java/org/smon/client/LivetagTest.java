// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.transport.OverlayListener;
import org.smon.wire.DocumentWord;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.PeerApi;

/** The livetag verbs against one peer that is not a peer at all, over the real K_E channel. */
class LivetagTest {
  private static final String MACHINE = "127.0.0.1";

  @TempDir private Path user;
  private ClientHome home;
  private Cli cli;
  private OnePeer peer;
  private OverlayListener listener;

  @BeforeEach
  void foundAnOverlayOfOne() throws IOException {
    int port = unused();
    home = ClientHome.create(user.resolve("home"), new NewOverlay("lab", port, "op"));
    cli = new Cli(user).with("SMON_HOME", home.directory().toString());
    MachineList list = new MachineList(List.of(Machine.parse(MACHINE + ":1")), List.of());
    home.sign(DocumentType.LIST, list.body());
    peer = new OnePeer(MACHINE, home.documents());
    listener = OverlayListener.open(home.channel(), MACHINE, port, PeerApi.class, peer);
    Files.writeString(home.lastPeerFile(), MACHINE + "\n");
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void disableReturnsWhenEveryPeerThatRunsHoldsIt() {
    String told = cli.run("disable").exits(0).out();
    assertTrue(told.contains("1 of 1 peers hold livetag false, version 2"), told);
    assertEquals(Livetag.off(600), peer.livetag());
    assertTrue(cli.run("enable").exits(0).out().contains("livetag true, version 3"));
    assertTrue(peer.livetag().value());
  }

  @Test
  void howLongASilentPeerWaitsIsSet() {
    cli.run("disable", "--quiet", "90").exits(0);
    assertEquals(Livetag.off(90), peer.livetag());
    cli.run("disable", "--quiet", "1").exits(2);
    assertEquals(Livetag.off(90), peer.livetag());
    cli.run("disable").exits(0); // another time is another word
    assertEquals(Livetag.off(600), peer.livetag());
  }

  @Test
  void saidTwiceItIsSignedOnce() {
    cli.run("disable").exits(0);
    assertTrue(cli.run("disable").exits(0).out().contains("version 2"));
  }

  @Test
  void aPeerThatDoesNotHoldItInTimeIsNotConvergence() {
    peer.deaf = true;
    String told = cli.run("disable", "--timeout", "0").exits(3).err();
    assertTrue(told.contains("0 of 1 peers hold livetag"), told);
    assertEquals(1, told.lines().filter(line -> line.startsWith("smon:")).count(), told);
  }

  @Test
  void whatAnotherHomeHasSaidSinceIsFetchedAndOverruled() {
    Document first = home.documents().held(DocumentType.LIVETAG).orElseThrow();
    Document second = signed(first.next(Livetag.off(600).body(), first.issued()));
    Document third = signed(second.next(Livetag.off(15).body(), first.issued()));
    peer.hold(second);
    peer.hold(third);
    cli.run("enable").exits(0);
    assertTrue(peer.livetag().value());
    assertEquals(4, peer.document(DocumentType.LIVETAG).counter());
  }

  @Test
  void shutdownWaitsForTheLastPeerAndThenSaysHowToComeBack() {
    peer.afterLivetagFalse = () -> listener.close();
    String told = cli.run("shutdown", "--timeout", "20").exits(0).out();
    assertTrue(told.contains("no peer answers any more"), told);
    assertTrue(told.contains("smon deploy"), told);
    assertEquals(Livetag.off(15), peer.livetag());
  }

  @Test
  void aPeerWithAFullDiskObeysShutdownAndThatItKeptNothingIsSaid() {
    peer.diskFull = true;
    peer.afterLivetagFalse = () -> listener.close();
    Cli.Outcome outcome = cli.run("shutdown", "--timeout", "20").exits(0);
    assertTrue(outcome.err().contains("No space left on device"), outcome.err());
    assertTrue(outcome.out().contains("no peer answers any more"), outcome.out());
  }

  @Test
  void shutdownThatIsNotOverInTimeNamesHowManyStillRun() {
    String told = cli.run("shutdown", "--timeout", "0").exits(3).err();
    assertTrue(told.contains("1 of 1 peers still run"), told);
  }

  @Test
  void aPeerThatHangsIsNotTakenForStopped() throws IOException {
    InetAddress address = InetAddress.getByName(MACHINE);
    int port;
    try (ServerSocket ssh = new ServerSocket(0, 20, address)) {
      Machine machine = Machine.parse(MACHINE + ":" + ssh.getLocalPort());
      try (ServerSocket hung = new ServerSocket(0, 20, address)) {
        port = hung.getLocalPort();
        assertEquals(State.down, lookWhileSwitchedOff(machine, port));
      }
      assertEquals(State.stopped, lookWhileSwitchedOff(machine, port));
    }
  }

  private static State lookWhileSwitchedOff(Machine machine, int gossipPort) {
    return SshProbe.probeSwitchedOff(List.of(machine), Map.of(), gossipPort).get(0).state();
  }

  @Test
  void shutdownOfAnOverlayThatIsDownIsDone() {
    listener.close();
    cli.run("shutdown").exits(0);
  }

  @Test
  void machinesWithoutAPeerAreStoppedAndNotDownWhileLivetagIsFalse() throws IOException {
    listener.close();
    try (ServerSocket ssh = new ServerSocket(0, 20, InetAddress.getByName(MACHINE))) {
      cli.run(
              "machines",
              "edit",
              MACHINE,
              "--port",
              Integer.toString(ssh.getLocalPort()),
              "--timeout",
              "0")
          .exits(3);
      assertTrue(cli.run("status", "--json").out().contains("\"down\""));
      cli.run("shutdown").exits(0);
      String status = cli.run("status", "--json").out();
      assertTrue(status.contains("\"stopped\""), status);
      assertTrue(cli.run("status").out().contains("1 stopped"));
    }
  }

  @Test
  void aLineOfTheShellThatChangesLivetagIsSignedHere() throws IOException {
    SignedLines lines = lines(home);
    String line = lines.expand("smon:disable");
    Document signed = DocumentWord.parse(line.substring("smon:disable ".length()));
    assertEquals(Livetag.off(600), Livetag.ofBody(signed.body()));
    assertTrue(signed.signedByAny(home.documents().settings().operators()));
    assertEquals("bundle:list -t 0", lines.expand("bundle:list -t 0"));
  }

  @Test
  void aLineOfTheShellThatRemovesAMachineIsASignedList() throws IOException {
    cli.run("machines", "add", "other.example", "--timeout", "0").exits(3);
    ClientHome fresh = ClientHome.open(home.directory());
    String line = lines(fresh).expand("smon:machines-remove other.example");
    Document signed = DocumentWord.parse(line.substring("smon:machines-edit ".length()));
    MachineList list = MachineList.ofBody(signed.body());
    assertFalse(list.contains("other.example"));
    assertTrue(list.contains(MACHINE));
  }

  private static SignedLines lines(ClientHome home) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new SignedLines(
        new Smon(
            new Surroundings(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), false)),
        home);
  }

  private Document signed(Document document) {
    return document.signedBy(home.operator().privateKey(), home.operator().publicKey());
  }

  private static int unused() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

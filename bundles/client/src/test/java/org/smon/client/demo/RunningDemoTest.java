// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smon.client.FailedException;
import org.smon.client.Surroundings;

/** The machines of a demo without an overlay on them. */
class RunningDemoTest {
  /** Embedded; sshd, in bwrap if there is one; sshd without bwrap. */
  private enum Machines {
    EMBEDDED,
    OPENSSH,
    OPENSSH_IN_THE_OPEN
  }

  private static final String ONE = "127.0.1.1";
  private static final String TWO = "127.0.1.2";

  @TempDir private Path parent;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private DemoDirectory directory;

  @AfterEach
  void stop() throws IOException {
    if (directory != null && directory.exists()) {
      RunningDemo.stop(directory);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCrashedMachineIsDownUntilItsReboot(Machines kind) throws IOException {
    RunningDemo demo = start(kind);
    sleeper(demo, TWO);
    assertFalse(DemoProcesses.ofMachine(directory.machine(TWO)).isEmpty());
    demo.crash(TWO);
    assertTrue(DemoProcesses.ofMachine(directory.machine(TWO)).isEmpty());
    assertThrows(FailedException.class, () -> exec(demo, TWO, "true"));
    assertEquals(0, exec(demo, ONE, "true"));
    demo.reboot(TWO);
    assertEquals(0, exec(demo, TWO, "touch kept"));
  }

  @ParameterizedTest
  @EnumSource
  void aWipedMachineComesBackEmptyWithItsHostKey(Machines kind) throws IOException {
    RunningDemo demo = start(kind);
    String hostKey = Files.readString(directory.hostKey(ONE));
    assertEquals(0, exec(demo, ONE, "cd; mkdir -p a/b && touch a/b/c && chmod 500 a/b"));
    assertTrue(Files.exists(directory.machine(ONE).resolve("a/b/c")));
    demo.wipe(ONE);
    assertThrows(FailedException.class, () -> exec(demo, ONE, "true"));
    demo.reboot(ONE);
    assertEquals(3, exec(demo, ONE, "cd; test -e a && exit 2; exit 3"));
    assertEquals(hostKey, Files.readString(directory.hostKey(ONE)));
  }

  @ParameterizedTest
  @EnumSource
  void everyMachineHasAHomeOfItsOwn(Machines kind) throws IOException {
    RunningDemo demo = start(kind);
    assertEquals(0, exec(demo, ONE, "echo one > \"$HOME/mine\""));
    assertEquals("one\n", Files.readString(directory.machine(ONE).resolve("mine")));
    assertFalse(Files.exists(directory.machine(TWO).resolve("mine")));
  }

  @ParameterizedTest
  @EnumSource
  void stopLeavesNoProcessAndNoFile(Machines kind) throws IOException {
    RunningDemo demo = start(kind);
    sleeper(demo, ONE);
    assertTrue(directory.running());
    RunningDemo.stop(directory);
    assertTrue(DemoProcesses.ofDemo(directory.root()).isEmpty());
    assertFalse(Files.exists(directory.root()));
  }

  private RunningDemo start(Machines kind) throws IOException {
    boolean embedded = kind == Machines.EMBEDDED;
    Assumptions.assumeTrue(
        embedded || Files.exists(Path.of("/usr/sbin/sshd")),
        "skipped: openssh-server is not installed");
    directory = DemoDirectory.at(parent.resolve("a demo"));
    String user = System.getProperty("user.name");
    DemoPlan.Ssh ssh = embedded ? DemoPlan.Ssh.embedded : DemoPlan.Ssh.openssh;
    DemoPlan plan = new DemoPlan(ssh, user, FreePort.find(), 7600, 7601, List.of(ONE, TWO));
    directory.create(plan);
    SshServers servers =
        kind == Machines.OPENSSH_IN_THE_OPEN
            ? new OpensshServers(directory, plan, Optional.empty())
            : SshServers.of(directory, plan);
    DemoStart start = new DemoStart(directory, plan, null);
    start.makeMachines();
    start.startServers(servers);
    return new RunningDemo(directory, plan, servers);
  }

  private void sleeper(RunningDemo demo, String machine) throws IOException {
    assertEquals(0, exec(demo, machine, "setsid sleep 300 </dev/null >/dev/null 2>&1 &"));
  }

  private int exec(RunningDemo demo, String machine, String command) throws IOException {
    PrintStream stream = new PrintStream(out, true);
    return demo.exec(
        machine,
        command,
        new Surroundings(InputStream.nullInputStream(), stream, stream, Map.of(), false));
  }
}

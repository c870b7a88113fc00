// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.client.Surroundings;

class EmbeddedMachineTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Path home;
  private Path userKey;
  private EmbeddedMachine machine;

  @BeforeEach
  void startMachine() throws IOException {
    home = Files.createDirectories(directory.resolve("a home"));
    userKey = directory.resolve("id");
    SshKeys.generate(userKey, "user");
    SshKeys.generate(directory.resolve("host_key"), "host");
    Files.createDirectories(home.resolve(".ssh"));
    authorize("", userKey);
    machine =
        new EmbeddedMachine(
            new InetSocketAddress("127.0.0.1", 0),
            "demo",
            home,
            directory.resolve("host_key"),
            Map.of("PATH", System.getenv("PATH"), DemoProcesses.MACHINE, home.toString()));
    machine.start();
  }

  @AfterEach
  void stopMachine() throws IOException {
    machine.close();
    DemoProcesses.kill(() -> DemoProcesses.ofMachine(home));
  }

  @Test
  void commandsRunInTheHomeAndTheirStatusComesBack() throws IOException {
    assertEquals(7, login("demo", userKey).run("pwd; echo \"$HOME\"; exit 7", surroundings()));
    assertEquals(home + "\n" + home + "\n", out.toString());
  }

  @Test
  void aForcedCommandRunsWhateverIsAsked() throws IOException {
    Path bound = directory.resolve("bound");
    SshKeys.generate(bound, "bound");
    authorize("restrict,command=\"echo forced: $SSH_ORIGINAL_COMMAND\" ", bound);
    assertEquals(0, login("demo", bound).run("rm -rf /nothing", surroundings()));
    assertEquals("forced: rm -rf /nothing\n", out.toString());
  }

  @Test
  void anotherUserAndAnotherKeyAreRefused() throws IOException {
    Path other = directory.resolve("other");
    SshKeys.generate(other, "other");
    assertThrows(RuntimeException.class, () -> login("root", userKey).run("true", surroundings()));
    assertThrows(RuntimeException.class, () -> login("demo", other).run("true", surroundings()));
  }

  @Test
  void aDetachedProcessOutlivesItsLoginAndIsFoundByItsMarker() throws IOException {
    login("demo", userKey).run("setsid sleep 300 </dev/null >/dev/null 2>&1 &", surroundings());
    assertFalse(DemoProcesses.ofMachine(home).isEmpty());
    assertEquals(1, DemoProcesses.kill(() -> DemoProcesses.ofMachine(home)));
    assertEquals(0, DemoProcesses.ofMachine(home).size());
  }

  @Test
  void theMarkerOfAMachineWhoseNameBeginsTheSameIsAnotherOne() throws IOException {
    login("demo", userKey).run("setsid sleep 300 </dev/null >/dev/null 2>&1 &", surroundings());
    Path shorter = home.resolveSibling("a hom");
    assertEquals(0, DemoProcesses.ofMachine(shorter).size());
  }

  @Test
  void aMachineThatCameBackAnswersAtItsOldPort() throws IOException {
    int port = machine.port();
    machine.close();
    machine =
        new EmbeddedMachine(
            new InetSocketAddress("127.0.0.1", port),
            "demo",
            home,
            directory.resolve("host_key"),
            Map.of("PATH", System.getenv("PATH")));
    machine.start();
    assertEquals(0, login("demo", userKey).run("true", surroundings()));
  }

  private void authorize(String options, Path key) throws IOException {
    Files.writeString(
        home.resolve(".ssh/authorized_keys"),
        options + Files.readString(SshKeys.publicFile(key)),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private MachineLogin login(String user, Path key) {
    return new MachineLogin("127.0.0.1", machine.port(), user, key);
  }

  private Surroundings surroundings() {
    PrintStream stream = new PrintStream(out, true);
    return new Surroundings(InputStream.nullInputStream(), stream, stream, Map.of(), false);
  }
}

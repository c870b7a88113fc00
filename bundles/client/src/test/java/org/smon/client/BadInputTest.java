// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong is one line that names it, an exit status, and no change. */
class BadInputTest {
  @TempDir private Path user;
  private Cli cli;

  @BeforeEach
  void init() {
    cli = new Cli(user);
    cli.run("init", "--user", "op").exits(0);
    cli.run("machines", "add", "a.example", "--host-key", key('A')).exits(0);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        row(2, "name a verb", List.of()),
        row(2, "frobnicate", List.of("frobnicate")),
        row(2, "--nonsense", List.of("status", "--nonsense")),
        row(2, "HOST", List.of("why")),
        row(2, "--quiet", List.of("disable", "--quiet", "0")),
        row(2, "--limit", List.of("events", "--limit", "many")),
        row(2, "ADDR:PORT", List.of("agents", "set", "nowhere")),
        row(2, "ADDR:PORT", List.of("deploy", "--agent", "host:0")),
        row(2, "--machines", List.of("demo", "--machines", "0")),
        row(2, "--ssh", List.of("demo", "--ssh", "telnet")),
        row(2, "one HOST", List.of("machines", "add", "b", "c", "--host-key", key('A'))),
        row(2, "say what to change", List.of("machines", "edit", "a.example")),
        row(1, "already", List.of("init")),
        row(1, "'b;reboot'", List.of("machines", "add", "b;reboot")),
        row(1, "'b c'", List.of("machines", "add", "b c")),
        row(1, "\\u000a", List.of("machines", "add", "b\nc")),
        row(1, "'../b'", List.of("machines", "add", "../b")),
        row(1, "'$(id)'", List.of("machines", "add", "$(id)@b")),
        row(1, "port", List.of("machines", "add", "b:99999")),
        row(1, "twice", List.of("machines", "add", "b", "b")),
        row(1, "a.example", List.of("machines", "add", "a.example")),
        row(1, "ssh-keygen", List.of("machines", "add", "b", "--host-key", "SHA256:short")),
        row(1, "nobody", List.of("machines", "remove", "nobody")),
        row(1, "all 1 machines", List.of("machines", "remove", "a.example")),
        row(1, "nobody", List.of("machines", "edit", "nobody", "--user", "x")),
        row(1, "nosuchfile", List.of("machines", "set", "/nosuchfile")),
        row(1, "cannot read /proc: ", List.of("machines", "set", "/proc")),
        row(1, "nobody", List.of("why", "nobody")),
        row(1, "no agent", List.of("agents", "set", "127.0.0.1:1")),
        row(1, "there is no overlay in", List.of("status", "--home", "/nonexistent")),
        row(1, "there is no demo", List.of("demo", "crash", "127.0.1.1")),
        row(1, "there is no demo", List.of("demo", "stop")),
        row(1, "machines", List.of("simulate", "--machines", "0")),
        row(1, "loss", List.of("simulate", "--loss", "2")),
        row(1, "broken", List.of("simulate", "--broken", "2")),
        row(1, "5 to 100000", List.of("simulate", "--faults", "--machines", "3")));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isToldInOneLineAndChangesNothing(int status, String named, List<String> args)
      throws IOException {
    String list = cli.run("machines", "list", "--json").out();
    Cli.Outcome outcome = cli.run(args.toArray(String[]::new)).exits(status);
    assertTrue(outcome.err().contains(named), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertFalse(outcome.err().contains("Exception"), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
    assertEquals("", outcome.out());
    assertEquals(list, cli.run("machines", "list", "--json").out());
  }

  @Test
  void aFailureWithJsonIsOneDocumentToo() {
    Cli.Outcome outcome = cli.run("why", "nobody", "--json").exits(1);
    assertTrue(outcome.out().contains("\"error\""), outcome.out());
  }

  @Test
  void aFileOfMachinesIsRefusedByTheLineThatIsWrong() throws IOException {
    Path file = user.resolve("machines.txt");
    Files.writeString(file, "# mine\nb\n\nc d\n");
    assertTrue(cli.run("machines", "set", file.toString()).exits(1).err().contains("line 4"));
  }

  @Test
  void aDamagedFileOfTheHomeIsToldAndTheGenerationBeforeItUsed() throws IOException {
    cli.run("machines", "add", "b.example").exits(0);
    Path documents = user.resolve(".smon/documents");
    for (String name : List.of("doc-list", "list.gz", "list.gz.prev")) {
      Files.delete(documents.resolve(name));
      Files.writeString(documents.resolve(name), "");
    }
    Cli.Outcome outcome = cli.run("machines", "list").exits(0);
    assertTrue(outcome.err().contains("doc-list is damaged"), outcome.err());
    assertTrue(outcome.err().contains("using doc-list.prev, version 1"), outcome.err());
    assertTrue(outcome.out().contains("a.example"), outcome.out());
    assertFalse(outcome.out().contains("b.example"), outcome.out());
  }

  @Test
  void anyFileOfTheHomeCutAtAnyLengthIsToldInOneLineOrDone() throws IOException {
    cli.run("machines", "add", "b.example").exits(0);
    List<Path> files;
    try (Stream<Path> all = Files.walk(user.resolve(".smon"))) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length < whole.length; length += 1 + whole.length / 4) {
        Files.delete(file); // not what a hard link of it shows
        Files.write(file, Arrays.copyOf(whole, length));
        Cli.Outcome outcome = cli.run("machines", "edit", "b.example", "--tag", "t" + length);
        String about = file + " cut at " + length + ": " + outcome.err();
        assertFalse(outcome.err().contains("Exception"), about);
        assertFalse(outcome.err().contains("internal error"), about);
        assertTrue(outcome.status() == 0 || outcome.status() == 1, about);
      }
      Files.delete(file);
      Files.write(file, whole);
    }
  }

  @Test
  void theNameOfAHomeWithoutAnOverlaySaysWhatToDo() {
    String told = new Cli(user.resolve("other")).run("status").exits(1).err();
    assertTrue(told.contains("smon init"), told);
  }

  private static Arguments row(int status, String named, List<String> args) {
    return Arguments.of(status, named, args);
  }

  private static String key(char letter) {
    return "SHA256:" + String.valueOf(letter).repeat(43);
  }
}

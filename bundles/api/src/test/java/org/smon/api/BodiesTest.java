// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
  private static final String PIN = "SHA256:" + "A".repeat(43);

  @Test
  void machineIsReadFromUserNameAndPort() {
    assertEquals(
        new Machine("node-1.example.org", "ops", 2222, null, List.of()),
        Machine.parse("ops@node-1.example.org:2222"));
    assertEquals(new Machine("10.0.0.1", null, 22, null, List.of()), Machine.parse("10.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a;reboot",
        "$(id)",
        "`id`",
        "a\nb",
        "../etc",
        "a/b",
        "-rf",
        "a..b",
        "ops@",
        "@a",
        "a:",
        "a:x",
        "a:0",
        "a:65536",
        "o ps@a",
        "a'b",
        "a\"b",
        "a&b",
        "a|b",
        "ü"
      })
  void nameThatIsNotAHostNameIsRefusedInOneLine(String text) {
    InvalidInputException refusal =
        assertThrows(InvalidInputException.class, () -> Machine.parse(text));
    assertEquals(1, refusal.getMessage().lines().count());
  }

  @Test
  void listIsReadBackWithPinsTagsAndTombstones() {
    MachineList list =
        new MachineList(
            List.of(
                new Machine("a", "ops", 2222, PIN, List.of("web", "zone=1")), Machine.parse("b")),
            List.of(Machine.parse("c")));
    assertEquals(list, MachineList.ofBody(list.body()));
    assertTrue(list.find("a").orElseThrow().pin().isPresent());
  }

  @Test
  void listRefusesAMachineTwice() {
    List<Machine> twice = List.of(Machine.parse("a"), Machine.parse("x@a"));
    assertThrows(InvalidInputException.class, () -> new MachineList(twice, List.of()));
    assertThrows(
        InvalidInputException.class,
        () -> new MachineList(List.of(Machine.parse("a")), List.of(Machine.parse("a"))));
  }

  @Test
  void fifteenThousandMachinesAreReadBack() {
    MachineList list =
        new MachineList(
            IntStream.range(0, 15_000)
                .mapToObj(i -> Machine.parse("node-" + i + ".site-" + i % 300 + ".example.org"))
                .toList(),
            List.of());
    assertEquals(list, MachineList.ofBody(list.body()));
  }

  @Test
  void settingsAreReadBack() {
    Settings settings =
        new Settings(
            "demo",
            List.of("a2V5"),
            List.of(
                new AgentAddress("agent.example.org", 7601, "a2V5", "ssh-ed25519 AAAA smon demo")),
            "ops",
            7600,
            "ab".repeat(32),
            5000,
            2000);
    assertEquals(settings, Settings.ofBody(settings.body()));
    assertTrue(settings.autostart());
    Settings without = settings.withAutostart(false);
    assertEquals(without, Settings.ofBody(without.body()));
  }

  @Test
  void settingsTellHowOperatorsCameAndWhatTheyLeft() {
    Settings settings =
        new Settings("demo", List.of("a2V5"), List.of(), "ops", 7600, "ab", 5000, 2000)
            .withOperators(
                List.of("a2V6"),
                List.of(new Voucher(2, "a2V6", new Document.Seal("a2V5", "c2ln"))),
                List.of("ab".repeat(32)));
    assertEquals(settings, Settings.ofBody(settings.body()));
    assertThrows(
        InvalidInputException.class, () -> Settings.ofBody(settings.body() + "vouch a b\n"));
    assertThrows(
        InvalidInputException.class, () -> Settings.ofBody(settings.body() + "endorsed x\n"));
  }

  @Test
  void keyringsOfAllPhasesAreReadBack() {
    String old = "ab".repeat(32);
    String next = "cd".repeat(32);
    Keyring installing = Keyring.of(old).install(next);
    Keyring using = installing.following();
    assertEquals(List.of(old, next), installing.ids());
    assertEquals(List.of(next, old), using.ids());
    assertEquals(List.of(next), using.following().ids());
    for (Keyring keyring : List.of(installing, using, using.following(), Keyring.afterLeak(next))) {
      assertEquals(keyring, Keyring.ofBody(keyring.body()));
    }
    assertTrue(Keyring.ofBody(Keyring.afterLeak(next).body()).leaked());
  }

  @Test
  void keyringWithRubbishIsRefused() {
    String id = "ab".repeat(32);
    for (String body :
        List.of(
            "",
            "use " + id + "\n",
            "use x\nleaked no\n",
            "use " + id + "\nleaked perhaps\n",
            "use " + id + "\nnext " + id + "\nleaked no\n",
            "use " + id + "\nnext ../../etc/passwd\nleaked no\n")) {
      assertThrows(InvalidInputException.class, () -> Keyring.ofBody(body), body);
    }
  }

  @Test
  void livetagWorkAndReleaseAreReadBack() {
    Livetag off = new Livetag(false, 15);
    assertEquals(off, Livetag.ofBody(off.body()));
    Work work = new Work("ab".repeat(32), 3, 7);
    assertEquals(work, Work.ofLine(work.line()).orElseThrow());
    Release release =
        new Release(
            "1.0.0",
            1,
            1,
            List.of(
                new Release.Blob(
                    "cd".repeat(32), 12, Release.Kind.BUNDLE, "org/smon/a/1/a-1.jar")));
    assertEquals(release, Release.ofBody(release.body()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/etc/passwd", "a/../b", "a//b", "a b", ".ssh/x", "", "a/"})
  void releasePathThatCouldLeaveItsPlaceIsRefused(String path) {
    assertThrows(
        InvalidInputException.class,
        () -> new Release.Blob("cd".repeat(32), 1, Release.Kind.BUNDLE, path));
  }

  @Test
  void releaseIsReadBackWithItsPlanAndOneOfBeforePlansIsRolledOutAsUsual() {
    String blob =
        "blob " + "ab".repeat(32) + " 7 bundle org/smon/smon-api/1.0.0/smon-api-1.0.0.jar";
    String old = "version 1.0.0\nwire 1 1\n" + blob + "\n";
    Release usual = Release.ofBody(old);
    assertEquals(Release.Plan.USUAL, usual.plan());
    assertEquals(old, usual.body());
    Release planned = usual.withPlan(new Release.Plan(Release.Waves.FORCED, 5));
    assertEquals("version 1.0.0\nwire 1 1\nrollout forced 5\n" + blob + "\n", planned.body());
    assertEquals(planned, Release.ofBody(planned.body()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rollout growing", "rollout sideways 5", "rollout one 0", "rollout one 3601"})
  void releaseWithAPlanThatIsNoneIsRefused(String line) {
    String body = "version 1.0.0\nwire 1 1\n" + line + "\n";
    assertThrows(InvalidInputException.class, () -> Release.ofBody(body));
  }

  @Test
  void aPathThatLeadsOutOfTheReleaseIsNamed() {
    String blob = "blob " + "ab".repeat(32) + " 7 bundle ../x.jar";
    InvalidInputException refusal =
        assertThrows(
            InvalidInputException.class,
            () -> Release.ofBody("version 1.0.0\nwire 1 1\n" + blob + "\n"));
    assertTrue(refusal.getMessage().contains("'../x.jar'"), refusal::getMessage);
  }
}

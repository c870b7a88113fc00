// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.Event;
import org.smon.api.InvalidInputException;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.Version;
import org.smon.api.Versions;
import org.smon.api.Visit;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

/** R25: what an older peer wrote must parse, so a golden file is never changed, only added. */
class GoldenMessagesTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00.123Z");
  private static final String HASH = "ab".repeat(32);
  private static final Versions VERSIONS =
      new Versions(
          Map.of(
              DocumentType.LIST, new Version(3, HASH), DocumentType.LIVETAG, new Version(1, HASH)));

  private static final Parcel PARCEL =
      new Parcel("list", 3, HASH, "cd".repeat(32), new byte[] {1, 2, 3});

  static Stream<Arguments> messages() {
    return Stream.of(
        Arguments.of(
            "ping", new Ping(1, 1, HASH, "127.0.1.1", 1_763_892_000_000L, VERSIONS, 4, null, null)),
        Arguments.of(
            "ping-suspect",
            Ping.of(HASH, "127.0.1.1", 1_763_892_000_000L, VERSIONS, 4)
                .withSuspectedBy("127.0.1.2")),
        Arguments.of(
            "ping-with-conflicts",
            Ping.of(HASH, "127.0.1.1", 1_763_892_000_000L, VERSIONS, 4)
                .withConflicts("0123456789abcdef")),
        Arguments.of("parcel", PARCEL),
        Arguments.of("parcel-notice", new Parcel("list", 3, HASH, null, null)),
        Arguments.of("receipt", new Receipt(Verdict.CONFLICT, "lost", null, PARCEL)),
        Arguments.of("receipt-wanted", Receipt.wanted(HASH)),
        Arguments.of("holders", new HoldersMessage("list", HASH, List.of("127.0.1.1"))),
        Arguments.of("conflicts", new ConflictsMessage(List.of(HASH), List.of(PARCEL))),
        Arguments.of(
            "offer-answer", new OfferAnswer(Verdict.REFUSED, "signed by nobody who counts", null)),
        Arguments.of("work", new WorkMessage("127.0.1.2", new Work(HASH, 3, 9))),
        Arguments.of("probe", new ProbeMessage("127.0.1.2", "127.0.1.3")),
        Arguments.of("probe-answer", new ProbeAnswer(false, 20_000)),
        Arguments.of("visit-notice", new VisitNotice("127.0.1.2", "127.0.1.3", null, null)),
        Arguments.of(
            "visit-notice-end",
            new VisitNotice("127.0.1.2", "127.0.1.3", Outcome.ALIVE, Step.PROBE)),
        Arguments.of("status-query", new StatusQuery(List.of("127.0.1.1", "127.0.1.2"), 3000)),
        Arguments.of("status-part", part()),
        Arguments.of("status-answer", answer()),
        Arguments.of("events-query", new EventsQuery("127.0.1.1", AT, 100, List.of("127.0.1.2"))),
        Arguments.of(
            "events-query-recent", new EventsQuery(null, null, 100, List.of("127.0.1.2"), 31_000L)),
        Arguments.of("events-answer", new EventsAnswer(List.of(event()))),
        Arguments.of("shell-greeting", new ShellMessage.Greeting("127.0.1.1", "0123456789abcdef")),
        Arguments.of(
            "shell-line",
            new ShellMessage.Line(
                "0123456789abcdef", 1, "smon:status", new Document.Seal("a2V5", "c2ln"))),
        Arguments.of("shell-output", new ShellMessage.Output("five online\n", null)),
        Arguments.of("agent-identity", new AgentApi.Identity("a2V5", "ssh-ed25519 AAAA smon")),
        Arguments.of(
            "agent-identity-keyring", new AgentApi.Identity("a2V5", "ssh-ed25519 AAAA smon", 3L)),
        Arguments.of("key-answer", new KeyAnswer(List.of(HASH))),
        Arguments.of("machine-keyring", keyringMachine()),
        Arguments.of("machine-provisional", provisionalMachine()),
        Arguments.of("rollout", new RolloutMessage("127.0.1.1", HASH, HASH, "AAE=", true)),
        Arguments.of("blob-receipt", new BlobReceipt(1_048_576, false)),
        Arguments.of("releases", releases()),
        Arguments.of("login-request", new LoginRequest("127.0.1.1", "127.0.1.2", VERSIONS)),
        Arguments.of(
            "login-permit", new LoginPermit("smon", List.of("ssh-ed25519 AAAA smon"), List.of())),
        Arguments.of(
            "login-request-clean",
            new LoginRequest("127.0.1.1", "127.0.1.2", VERSIONS, Visit.Purpose.CLEAN)),
        Arguments.of(
            "login-permit-password",
            new LoginPermit("smon", List.of("ssh-ed25519 AAAA smon"), List.of(), "open sesame")),
        Arguments.of("error", new WireError("machine 'x' is not in the list")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void messageIsWrittenAndReadAsItsGoldenFileSays(String name, Object message) throws IOException {
    String golden = golden(name);
    assertEquals(golden, Json.write(message));
    assertEquals(message, Json.read(golden, message.getClass()));
  }

  @Test
  void bytesOfASignRequestTravelAsBase64() throws IOException {
    byte[] bytes = {1, 2, 3};
    SignRequest request =
        new SignRequest(
            "127.0.1.1",
            "127.0.1.2",
            "ssh-ed25519 AAAA",
            "ssh-ed25519",
            bytes,
            bytes,
            bytes,
            bytes);
    assertEquals(golden("sign-request"), Json.write(request));
    assertEquals(3, Json.read(golden("sign-request"), SignRequest.class).data().length);
    assertEquals(golden("signed"), Json.write(new AgentApi.Signed(bytes)));
  }

  @Test
  void keyTravelsAsBase64AndIsNotTold() throws IOException {
    KeyMessage message = new KeyMessage(new byte[] {1, 2, 3});
    assertEquals(golden("key"), Json.write(message));
    assertArrayEquals(message.key(), Json.read(golden("key"), KeyMessage.class).key());
    assertEquals("KeyMessage", message.toString());
  }

  /** The simulator counts an idle overlay's traffic with this size. */
  @Test
  void aPingThatCarriesTheVersionsOfAllDocumentsTakes689Bytes() {
    Versions all = Versions.NONE;
    for (DocumentType type : DocumentType.values()) {
      all = all.with(type, new Version(12, HASH));
    }
    String name = "node-123.site-45.example.org";
    String json = Json.write(Ping.of(HASH, name, 1_763_892_000_000L, all, 0));
    assertEquals(689, json.length(), json);
  }

  @Test
  void fieldsAndDocumentTypesOfANewerPeerArePassedOver() {
    Ping ping =
        Json.read(
            "{\"from\":\"a\",\"future\":[1],\"versions\":{\"moon\":{\"counter\":9,\"hash\":\"x\"}}}",
            Ping.class);
    assertEquals(Versions.NONE, ping.versions());
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedMessageIsRefusedWithOneLine(String text) {
    InvalidInputException refusal =
        assertThrows(InvalidInputException.class, () -> Json.read(text, Ping.class));
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
  }

  static Stream<String> malformed() {
    return Stream.of(
        "",
        "{",
        "null",
        "[]",
        "7",
        "{\"from\":\"a;rm -rf\"}",
        "{\"wireMin\":\"x\"}",
        "{\"versions\":3}",
        "{}");
  }

  private static MachineStatus machine() {
    return new MachineStatus(
        "127.0.1.1",
        MachineStatus.State.online,
        4711L,
        AT,
        "1.0.0",
        "adopted",
        1L,
        1L,
        "client",
        1,
        1,
        320L,
        null,
        List.of());
  }

  private static MachineStatus keyringMachine() {
    return new MachineStatus(
        "127.0.1.1",
        MachineStatus.State.online,
        4711L,
        AT,
        null,
        null,
        1L,
        1L,
        null,
        null,
        null,
        320L,
        null,
        List.of(),
        3L);
  }

  private static MachineStatus provisionalMachine() {
    return new MachineStatus(
        "127.0.1.1",
        MachineStatus.State.online,
        4711L,
        AT,
        "1.0.1",
        "provisional",
        1L,
        1L,
        "client",
        1,
        1,
        320L,
        null,
        List.of());
  }

  private static ReleasesAnswer releases() {
    return new ReleasesAnswer(
        List.of(
            new ReleasesAnswer.ReleaseLine(
                "1.0.1",
                2,
                HASH,
                ReleasesAnswer.State.quarantined,
                0,
                4,
                new ReleasesAnswer.Machines(0, 2, 0),
                "127.0.1.2: a component did not start"),
            new ReleasesAnswer.ReleaseLine(
                "1.0.0",
                1,
                "cd".repeat(32),
                ReleasesAnswer.State.adopted,
                0,
                4,
                new ReleasesAnswer.Machines(5, 0, 0),
                null)));
  }

  private static StatusPart part() {
    return new StatusPart(
        List.of(machine()),
        List.of(new StatusPart.Sighting("127.0.1.3", MachineStatus.State.deploying, "copy", AT)));
  }

  private static StatusAnswer answer() {
    List<MachineStatus> machines =
        List.of(
            machine(),
            MachineStatus.silent("127.0.1.3", MachineStatus.State.refused, "host key changed"));
    return new StatusAnswer(
        HASH,
        "demo",
        new StatusAnswer.LivetagView(true, 1),
        new StatusAnswer.ListView(1, 2),
        new StatusAnswer.ReleaseView("1.0.0", null),
        machines,
        StatusAnswer.Summary.of(machines));
  }

  private static Event event() {
    return new Event(
        AT, "127.0.1.1", "copy", "127.0.1.2", "deployed by its share", Map.of("bytes", "17"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream file =
        GoldenMessagesTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      assertNotNull(file, "golden file " + name + ".json is missing");
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}

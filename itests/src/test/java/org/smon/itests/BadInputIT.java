// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.AgentAddress;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.RefusedException;
import org.smon.client.ClientHome;
import org.smon.security.KeyFolder;
import org.smon.security.OverlayKey;

/**
 * Whatever is wrong outside is one clear line and an exit status, and nothing is lost. The one
 * machine of a demo stands for the good one that things are tried on; other overlays, each in a
 * home of its own, do the wrong things.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BadInputIT {
  private static final String GOOD = "127.0.1.1";
  private static final String SOME_PIN = "SHA256:" + "A".repeat(43);

  @TempDir static Path temp;
  private static RunningDemo demo;
  private static int homes;

  @BeforeAll
  static void start() throws IOException {
    demo = RunningDemo.start(temp, 1, "embedded");
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  // Machines that cannot be deployed to.

  /** A new overlay of its own, on another port than the demo's. */
  private static Smon newOverlay() {
    Smon smon = demo.smon.at(temp.resolve("home " + ++homes));
    smon.run("init", "--port", demo.gossipPort == 7600 ? 7700 : 7600).done();
    return smon;
  }

  private static Smon overlayWith(String host, String pin) {
    Smon smon = newOverlay();
    smon.run("machines", "add", host, "--host-key", pin).done();
    return smon;
  }

  private static Smon.Result deploy(Smon smon) {
    return smon.run("deploy", "--key", demo.userKey(), "--timeout", 20);
  }

  private static String goodAt(String user) {
    return user + "@" + GOOD + ":" + demo.sshPort;
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private static String goodPin() {
    return demo.home().documents().list().find(GOOD).orElseThrow().hostKey();
  }

  @Test
  void anUnknownHostIsNamed() {
    deploy(overlayWith("no-such-host.invalid", SOME_PIN)).failed("no-such-host.invalid");
  }

  @Test
  void aClosedPortIsNamed() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(GOOD))) {
      port = socket.getLocalPort();
    }
    deploy(overlayWith(GOOD + ":" + port, SOME_PIN)).failed(GOOD, String.valueOf(port));
  }

  @Test
  void anSshThatHangsIsGivenUp() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getByName(GOOD))) {
      deploy(overlayWith(GOOD + ":" + mute.getLocalPort(), SOME_PIN)).failed("says nothing");
    }
  }

  @Test
  void aWrongUserIsNotLetIn() {
    deploy(overlayWith(goodAt("nobodyhere"), goodPin())).failed("nobodyhere");
  }

  @Test
  void aWrongKeyIsNotLetIn() throws Exception {
    Path other = temp.resolve("other key");
    var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    new org.smon.security.SigningKey(keys).save(other);
    overlayWith(goodAt(user()), goodPin())
        .run("deploy", "--key", other, "--timeout", 20)
        .failed("lets none of the agent's keys in");
  }

  @Test
  void anotherHostKeyThanThePinnedOneIsRefused() {
    deploy(overlayWith(goodAt(user()), SOME_PIN)).failed(SOME_PIN, goodPin(), "machines edit");
  }

  @Test
  void anotherOverlayOnTheSamePortIsLeftAlone() {
    Smon smon = demo.smon.at(temp.resolve("rival"));
    smon.run("init", "--port", demo.gossipPort).done();
    smon.run("machines", "add", goodAt(user()), "--host-key", goodPin()).done();
    long pid = demo.peers(GOOD).get(0).pid();
    deploy(smon).failed("another overlay", String.valueOf(demo.gossipPort));
    assertEquals(pid, demo.peers(GOOD).get(0).pid());
    assertEquals(1, demo.files(GOOD, "state/name").size(), "no second root");
  }

  @Test
  void withoutAnAgentNoSshIsOpened() throws Exception {
    try (ServerSocket ssh = new ServerSocket(0, 50, InetAddress.getByName(GOOD))) {
      Smon smon = overlayWith(GOOD + ":" + ssh.getLocalPort(), SOME_PIN);
      ClientHome home = ClientHome.open(temp.resolve("home " + homes));
      AgentAddress down = demo.home().documents().settings().agents().get(0);
      AgentAddress nobody =
          new AgentAddress("127.0.0.1", closedPort(), down.publicKey(), down.enrolmentKey());
      home.sign(
          DocumentType.SETTINGS, home.documents().settings().withAgents(List.of(nobody)).body());
      smon.run("deploy", "--first", GOOD, "--timeout", 10).failed("no agent answers");
      smon.run("deploy", "--timeout", 10).failed("no agent answers");
      ssh.setSoTimeout(1);
      try (Socket opened = ssh.accept()) {
        assertFalse(opened.isConnected(), "ssh was opened before the agent was asked");
      } catch (java.net.SocketTimeoutException e) {
        return; // nobody came
      }
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void machinesThatAreNotInTheListAreNamed() {
    demo.smon.run("deploy", "--first", "10.1.2.3").failed("10.1.2.3", "not in the list");
    demo.smon.run("why", "10.1.2.3").failed("10.1.2.3", "not in the list");
    demo.smon.run("shell", "10.1.2.3", "--", "smon:status").failed("10.1.2.3");
  }

  // Names and lists.

  @Test
  void namesThatAreShellTextNeverGetIntoAList() throws IOException {
    Smon smon = newOverlay();
    for (String name : List.of("$(touch pwned)", "a\nb", "../a")) {
      smon.run("machines", "add", "--", name).failed("machine name");
    }
    Path file = Files.writeString(temp.resolve("names"), "good.example\na;touch pwned\n");
    smon.run("machines", "set", file).failed("names", "line 2", "'a;touch pwned'");
    String list = smon.run("machines", "list", "--json").done().out();
    assertTrue(list.replaceAll("\\s", "").contains("\"machines\":[]"), list);
    assertFalse(Files.exists(temp.resolve("user home/pwned")));
  }

  @Test
  void aListOfFifteenThousandIsTakenAndOneWithADuplicateRefused() throws IOException {
    Smon smon = newOverlay();
    String lines =
        IntStream.range(0, 15_000)
            .mapToObj(i -> "node-" + i + ".site-" + i % 50 + ".example.org\n")
            .collect(Collectors.joining());
    smon.run("machines", "set", Files.writeString(temp.resolve("many"), lines)).done();
    String json = smon.run("machines", "list", "--json").done().out();
    assertEquals(15_000, json.split("\"name\"", -1).length - 1);
    Path twice = Files.writeString(temp.resolve("twice"), lines + "node-7.site-7.example.org\n");
    smon.run("machines", "set", twice).failed("node-7.site-7.example.org", "twice");
    assertEquals(json, smon.run("machines", "list", "--json").done().out());
  }

  // Keys and documents.

  @Test
  void aClientWithAnotherOverlayKeyIsNotAnswered() throws IOException {
    Path home = temp.resolve("wrong key");
    copy(demo.clientHome(), home);
    Files.delete(overlayKey(home));
    new KeyFolder(home.resolve("keys")).add(OverlayKey.generate());
    Smon smon = demo.smon.at(home);
    smon.run("status").failed("no peer answers");
    smon.run("events").failed("no peer answers");
    smon.run("shell", GOOD, "--", "smon:status").failed(GOOD);
    smon.run("machines", "add", "10.6.6.6", "--timeout", 1).failed("held by 0 of 2");
    assertUnharmed();
  }

  private static Path overlayKey(Path home) throws IOException {
    KeyFolder keys = new KeyFolder(home.resolve("keys"));
    return keys.file(keys.keys().keySet().iterator().next());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void damagedFilesOfAHomeAreNamed() throws IOException {
    for (String file : List.of("keys", "operator.key")) {
      Smon smon = newOverlay();
      Path home = temp.resolve("home " + homes);
      Files.writeString(file.equals("keys") ? overlayKey(home) : home.resolve(file), "garbage");
      smon.run("machines", "add", "a.example").failed(file, "damaged");
    }
  }

  @Test
  void garbageInsteadOfADocumentIsRefused() {
    Document genuine = demo.home().documents().held(DocumentType.LIST).orElseThrow();
    String text = genuine.text();
    String altered = text.replace(GOOD, "127.0.1.9");
    for (String offered : List.of("", "garbage", text.substring(0, text.length() / 2), altered)) {
      try {
        assertEquals(Verdict.REFUSED, demo.peer(GOOD).offer(offered).verdict(), offered);
      } catch (RefusedException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertUnharmed();
  }

  // What comes over the network.

  @Test
  void rudeRequestsAreAnsweredInOneLineAndHarmNobody() throws IOException {
    int agent = demo.home().documents().settings().agents().get(0).port();
    rude(GOOD, demo.gossipPort, "/v1/ping");
    rude("127.0.0.1", agent, "/v1/agent/permit");
    assertUnharmed();
    demo.smon.run("status").done();
  }

  private static void rude(String host, int port, String path) throws IOException {
    assertAnswer(" 400 ", post(host, port, path, "{\"from\": [", "application/json"));
    assertAnswer(" 400 ", post(host, port, path, "null", "application/json"));
    assertAnswer(" 4", post(host, port, path, "\0\1\2", "text/plain"));
    assertAnswer(" 4", post(host, port, "/v1/../../etc/passwd", "{}", "application/json"));
    assertAnswer(" 4", post(host, port, "/nothing", "{}", "application/json"));
    assertAnswer(" 413 ", said(host, port, head(path, "application/json", 5_000_000_000L)));
    assertAnswer(" 505 ", said(host, port, "GET / HTTP/9.9\r\n\r\n"));
    said(host, port, "\u0016\u0003garbage\r\n\r\n");
    plainly(host, port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    // It says that more will come, and goes.
    said(host, port, head(path, "application/json", 100) + "{");
  }

  private static void assertAnswer(String status, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1" + status), answer);
    assertFalse(answer.contains("Exception") || answer.contains("\tat "), answer);
  }

  private static String head(String path, String type, long length) {
    return "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, type, length);
  }

  private static String post(String host, int port, String path, String body, String type)
      throws IOException {
    return said(host, port, head(path, type, body.length()) + body);
  }

  /** What it answers to these bytes under K_E, the end of output following. */
  private static String said(String host, int port, String bytes) throws IOException {
    var factory = demo.home().channel().context().getSocketFactory();
    try (SSLSocket socket = (SSLSocket) factory.createSocket(host, port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.getBytes(UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (SocketException e) {
      return ""; // it hung up
    }
  }

  private static void plainly(String host, int port, String bytes) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertFalse(answer.startsWith("HTTP/1.1 200"), answer);
    } catch (SocketException e) {
      assertTrue(demo.peers(GOOD).size() == 1);
    }
  }

  private static void assertUnharmed() {
    for (DocumentType type : DocumentType.values()) {
      String genuine = demo.home().documents().held(type).map(d -> d.text().strip()).orElse("");
      assertEquals(genuine, demo.line(GOOD, "state/doc-" + type.word()), type.word());
    }
    assertEquals(1, demo.status().summary().online());
  }
}

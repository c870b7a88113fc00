// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.security.KeChannel;
import org.smon.security.OverlayKey;
import org.smon.wire.AgentApi;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.EventsQuery;
import org.smon.wire.OfferAnswer;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;
import org.smon.wire.Ping;
import org.smon.wire.StatusQuery;
import org.smon.wire.WorkMessage;

@Timeout(120)
class OverlayListenerTest {
  private static final String HOST = "127.0.0.1";
  private static final int PATIENCE = 30_000;

  private final OverlayKey key = OverlayKey.generate();
  private final KeChannel channel = new KeChannel(key);
  private final TestPeer peer = new TestPeer();
  private OverlayListener listener;
  private CxfConnections connections;

  @BeforeEach
  void open() throws IOException {
    listener = OverlayListener.open(channel, HOST, 0, PeerApi.class, peer);
    connections = new CxfConnections(new KeChannel(key));
  }

  @AfterEach
  void close() {
    peer.mayAnswer.countDown();
    connections.close();
    listener.close();
  }

  @Test
  void pingIsAnsweredUnderTheSameKey() throws RefusedException {
    assertEquals(ping(), remote().ping(ping()));
  }

  @Test
  void clientWithAnotherKeyIsRefused() {
    try (CxfConnections stranger = new CxfConnections(new KeChannel(OverlayKey.generate()))) {
      PeerApi remote = stranger.peer(HOST, listener.port(), PATIENCE);
      UncheckedIOException refused =
          assertThrows(UncheckedIOException.class, () -> remote.ping(ping()));
      assertTrue(refused.getMessage().contains("under another K_E"), refused.getMessage());
    }
  }

  @Test
  void clientWithoutCertificateIsRefused() throws Exception {
    SSLContext anonymous = SSLContext.getInstance("TLS");
    anonymous.init(null, new javax.net.ssl.TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket = socket(anonymous, "TLSv1.3")) {
      assertThrows(IOException.class, () -> exchange(socket, get("/v1/shell")));
    }
  }

  @Test
  void olderTlsIsRefused() throws Exception {
    SSLContext any = SSLContext.getInstance("TLS");
    any.init(null, new javax.net.ssl.TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket = socket(any, "TLSv1.2")) {
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  @Test
  void plainHttpIsRefused() throws Exception {
    try (Socket socket = new Socket(HOST, listener.port())) {
      socket.getOutputStream().write(get("/v1/shell").getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(PATIENCE);
      byte[] answer = readQuietly(socket.getInputStream());
      assertFalse(new String(answer, StandardCharsets.ISO_8859_1).contains("HTTP/1.1 200"));
    }
  }

  @Test
  void refusalArrivesAsItsOneLine() {
    RefusedException no = assertThrows(RefusedException.class, () -> remote().document("livetag"));
    assertEquals("no document of type livetag is held", no.getMessage());
  }

  @Test
  void insideOfAFailureIsNotTold() {
    UncheckedIOException failure =
        assertThrows(UncheckedIOException.class, () -> remote().work(new WorkMessage("a", null)));
    assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    assertTrue(failure.getMessage().contains("internal error"), failure.getMessage());
  }

  @Test
  void failureOfThePeersDiskIsNoRefusal() {
    assertThrows(UncheckedIOException.class, () -> remote().status(new StatusQuery(null, 1)));
  }

  @Test
  void anAnswerThatTakesItsTimeAfterASmallBodyArrivesWhole() throws RefusedException {
    EventsQuery few = new EventsQuery(null, null, 1, null);
    assertEquals(List.of(), remote().events(few).events());
  }

  @Test
  void silentPeerIsGivenUpInTime() {
    PeerApi impatient = connections.peer(HOST, listener.port(), 300);
    assertThrows(UncheckedIOException.class, () -> impatient.statusPart(new StatusQuery(null, 1)));
  }

  @Test
  void closedPortIsAnUncheckedIo() throws IOException {
    PeerApi remote = remote();
    listener.close();
    UncheckedIOException gone = assertThrows(UncheckedIOException.class, () -> remote.ping(ping()));
    assertTrue(gone.getMessage().startsWith(HOST + " port "), gone.getMessage());
  }

  @Test
  void blobStreamsFromAnOffset() throws Exception {
    try (InputStream blob = remote().blob("0".repeat(64), 1_000_000)) {
      assertEquals(TestPeer.BLOB_BYTES - 1_000_000, blob.readAllBytes().length);
    }
  }

  @Test
  void parcelsAndConflictsTravelBothWays() throws RefusedException {
    Parcel parcel = new Parcel("list", 3, "ab".repeat(32), null, new byte[] {1, 2, 3});
    assertEquals(parcel, remote().take(parcel).newer());
    assertEquals(
        List.of(parcel),
        remote().conflicts(new ConflictsMessage(List.of(), List.of(parcel))).documents());
    RefusedException none =
        assertThrows(RefusedException.class, () -> remote().parcel("list", null));
    assertEquals("no parcel of type list upon null", none.getMessage());
  }

  @Test
  void documentOfTheWholeListPasses() throws RefusedException {
    assertEquals("4000000", remote().offer("x".repeat(4_000_000)).reason());
  }

  @Test
  void announcedHugeBodyIsRefusedUnread() throws Exception {
    String head = post("/v1/documents", "text/plain", "Content-Length: 4000000000");
    assertTrue(talk(head + "x").startsWith("HTTP/1.1 413"));
  }

  @Test
  void unannouncedHugeBodyIsCut() throws Exception {
    String chunk = Integer.toHexString(1 << 20) + "\r\n" + "x".repeat(1 << 20) + "\r\n";
    String head = post("/v1/documents", "text/plain", "Transfer-Encoding: chunked");
    assertTrue(talk(head + chunk.repeat(6)).startsWith("HTTP/1.1 413"));
  }

  @Test
  void stalledBodyIsGivenUp() throws Exception {
    String answer = talk(post("/v1/documents", "text/plain", "Content-Length: 1000") + "x");
    assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
  }

  @Test
  void malformedJsonIsABadRequestInOneLine() throws Exception {
    String body = "{\"wireMin\":[}";
    String answer =
        talk(post("/v1/ping", "application/json", "Content-Length: " + body.length()) + body);
    assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    String json = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    assertTrue(json.startsWith("{\"error\":\"") && !json.contains("\n"), json);
  }

  @Test
  void unknownPathIsNotFoundInJson() throws Exception {
    String answer = talk(get("/v1/nothing"));
    assertTrue(answer.startsWith("HTTP/1.1 404") && answer.contains("{\"error\":"), answer);
  }

  @Test
  void garbageInsteadOfHttpDoesNotStopTheListener() throws Exception {
    talk("\0\1\2\3 nonsense\r\n\r\n");
    assertEquals(ping(), remote().ping(ping()));
  }

  @Test
  void agentOfAnotherKeyIsNotTheAgent() throws Exception {
    KeyPair own = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String pinned = Base64.getEncoder().encodeToString(own.getPublic().getEncoded());
    KeChannel right = new KeChannel(key, own);
    AgentApi service = new TestAgent();
    int port;
    try (OverlayListener agent = OverlayListener.open(right, HOST, 0, AgentApi.class, service)) {
      port = agent.port();
      assertEquals("key", connections.agent(HOST, port, pinned, PATIENCE).identity().publicKey());
    }
    try (OverlayListener other =
        OverlayListener.open(channel, HOST, port, AgentApi.class, service)) {
      AgentApi impostor = connections.agent(HOST, other.port(), pinned, PATIENCE);
      UncheckedIOException refused = assertThrows(UncheckedIOException.class, impostor::identity);
      assertTrue(refused.getMessage().contains("not the agent"), refused.getMessage());
    }
  }

  @Nested
  class AfterTheOldKeyWasRemoved {
    private final OverlayKey next = OverlayKey.generate();

    @Test
    void theOldKeyIsRefusedAndThePortStaysOpen() throws Exception {
      PeerApi old = remote();
      old.ping(ping());
      listener.reload(new KeChannel(next));
      try (CxfConnections thief = new CxfConnections(new KeChannel(key))) {
        PeerApi asked = thief.peer(HOST, listener.port(), PATIENCE);
        assertThrows(UncheckedIOException.class, () -> asked.ping(ping()));
      }
      try (CxfConnections renewed = new CxfConnections(new KeChannel(next))) {
        assertEquals(ping(), renewed.peer(HOST, listener.port(), PATIENCE).ping(ping()));
      }
    }

    @Test
    void anOpenConnectionOfTheOldKeyIsClosed() throws Exception {
      try (SSLSocket open = socket(channel.context(), "TLSv1.3")) {
        assertTrue(answers(open), "it was not answered");
        listener.reload(new KeChannel(next));
        int asked = 0;
        while (answers(open)) { // never idle, so the idle time-out is not what ends it
          assertTrue(++asked < 100, "the connection is still open");
          Thread.sleep(50);
        }
      }
    }

    @Test
    void aSessionOfTheOldKeyIsNotResumed() throws Exception {
      SSLContext thief = channel.context();
      assertTrue(greetsWith(thief), "before");
      assertTrue(greetsWith(thief), "resumed");
      listener.reload(new KeChannel(next));
      assertFalse(greetsWith(thief), "after");
    }

    @Test
    void theAnswerToTheRequestThatBroughtTheChangeStillGetsOut() throws Exception {
      TestPeer turning =
          new TestPeer() {
            @Override
            public OfferAnswer offer(String text) {
              listener.reload(new KeChannel(next));
              return super.offer(text);
            }
          };
      listener.close();
      listener = OverlayListener.open(channel, HOST, 0, PeerApi.class, turning);
      assertEquals("4", remote().offer("news").reason());
    }

    @Test
    void aConnectionOutlivesAChangeThatKeepsItsKey() throws Exception {
      try (SSLSocket open = socket(channel.context(), "TLSv1.3")) {
        String request = "GET /v1/shell HTTP/1.1\r\nHost: x\r\n";
        open.getOutputStream().write(bytes(request + "\r\n"));
        assertTrue(open.getInputStream().read() >= 0);
        listener.reload(new KeChannel(key)); // another leaf and context, the same key
        open.getOutputStream().write(bytes(request + "Connection: close\r\n\r\n"));
        String rest = new String(readQuietly(open.getInputStream()), StandardCharsets.ISO_8859_1);
        assertTrue(rest.contains("HTTP/1.1"), "a second answer: " + rest);
      }
    }

    private boolean greetsWith(SSLContext context) {
      try (SSLSocket socket = socket(context, "TLSv1.3")) {
        return exchange(socket, get("/v1/shell")).startsWith("HTTP/1.1");
      } catch (IOException e) {
        return false;
      }
    }

    private static boolean answers(SSLSocket socket) {
      try {
        socket.getOutputStream().write(bytes("GET /v1/shell HTTP/1.1\r\nHost: x\r\n\r\n"));
        byte[] answer = new byte[4096];
        return socket.getInputStream().read(answer) > 0;
      } catch (IOException e) {
        return false;
      }
    }
  }

  @Test
  void changeOfTheOwnKeyReachesTheProxies() throws Exception {
    SwitchedChannel own = new SwitchedChannel(key);
    try (CxfConnections mine = new CxfConnections(own)) {
      mine.peer(HOST, listener.port(), PATIENCE).ping(ping());
      OverlayKey next = OverlayKey.generate();
      listener.reload(new KeChannel(next));
      own.use(next);
      assertEquals(ping(), mine.peer(HOST, listener.port(), PATIENCE).ping(ping()));
    }
  }

  @Test
  void portInUseIsOneLine() {
    IOException taken =
        assertThrows(
            IOException.class,
            () -> OverlayListener.open(channel, HOST, listener.port(), PeerApi.class, peer));
    assertFalse(taken.getMessage().contains("\n"), taken.getMessage());
  }

  /** CXF keeps one server a port, whatever the address. */
  @Test
  void aPortThatIsServedAtAnotherAddressIsNamedAndGoesOn() throws RefusedException {
    int port = listener.port();
    IOException taken =
        assertThrows(
            IOException.class,
            () -> OverlayListener.open(channel, "127.0.0.2", port, PeerApi.class, peer));
    assertTrue(taken.getMessage().startsWith("port " + port + " cannot"), taken.getMessage());
    assertEquals(ping(), remote().ping(ping()));
  }

  private PeerApi remote() {
    return connections.peer(HOST, listener.port(), PATIENCE);
  }

  private static Ping ping() {
    return Ping.of("o".repeat(64), "alpha", 7, Versions.NONE, 3);
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  private static String post(String path, String type, String length) {
    return "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\n%s\r\n\r\n"
        .formatted(path, type, length);
  }

  private String talk(String request) throws IOException {
    try (SSLSocket socket = socket(channel.context(), "TLSv1.3")) {
      return exchange(socket, request);
    }
  }

  private static String exchange(SSLSocket socket, String request) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes(request));
    out.flush();
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private SSLSocket socket(SSLContext context, String protocol) throws IOException {
    InetAddress local = InetAddress.getByName(HOST);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(local, listener.port());
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setSoTimeout(PATIENCE);
    return socket;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] readQuietly(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }
}

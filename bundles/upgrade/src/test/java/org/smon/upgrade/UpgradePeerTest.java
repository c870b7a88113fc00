// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import org.smon.core.Rollout;
import org.smon.core.Rollout.Mark;
import org.smon.core.WaveOrder;
import org.smon.kernel.Kernel;
import org.smon.kernel.Order;
import org.smon.kernel.Outcome;
import org.smon.wire.AgentApi;
import org.smon.wire.BlobReceipt;
import org.smon.wire.Connections;
import org.smon.wire.PeerApi;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.State;
import org.smon.wire.RolloutMessage;
import org.smon.wire.UpgradeApi.LocalState;

/** When a machine fetches, tries, keeps and leaves a release; the kernel's part is played. */
class UpgradePeerTest {
  @TempDir private Path temp;
  private Bench bench;
  private Document first;
  private final PlayedKernel kernel = new PlayedKernel();
  private final Played fellows = new Played();
  private UpgradePeer peer;
  private long nowMillis;

  /** Keeps what it is ordered until the test says how it ended. */
  private final class PlayedKernel implements Kernel {
    private Order order;

    @Override
    public void begin(Order next) {
      assertNull(order);
      order = next;
    }

    @Override
    public Optional<Order> trial() {
      return Optional.ofNullable(order);
    }

    void end(String reason) throws IOException {
      String release = order.release();
      order = null;
      if (reason == null) {
        Files.move(state("installed"), state("previous"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(state("installed"), release + " runtime\n");
      }
      peer.told(new Outcome(release, reason));
    }
  }

  /** The other machines: what each says of the release, and what files it has. */
  private static final class Played implements Connections {
    private final Map<String, RolloutMessage> says = new HashMap<>();
    private final Map<String, byte[]> blobs = new HashMap<>();
    private int blobsGiven;
    private int asked;

    @Override
    public PeerApi peer(String host, int port, int timeoutMillis) {
      return (PeerApi)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {PeerApi.class},
              (proxy, method, arguments) -> answer(host, method.getName(), arguments));
    }

    private Object answer(String host, String method, Object[] arguments) throws RefusedException {
      asked++;
      if (method.equals("rollout") && says.containsKey(host)) {
        return says.get(host);
      }
      if (method.equals("blob") && blobs.containsKey(arguments[0])) {
        blobsGiven++;
        byte[] content = blobs.get(arguments[0]);
        int from = Math.toIntExact((Long) arguments[1]);
        return new ByteArrayInputStream(content, from, content.length - from);
      }
      throw new UncheckedIOException(new IOException(host + " is silent"));
    }

    @Override
    public AgentApi agent(String host, int port, String publicKey, int timeoutMillis) {
      throw new UncheckedIOException(new IOException("no agent here"));
    }
  }

  @BeforeEach
  void install() throws IOException {
    bench = new Bench(temp);
    first = bench.installed("1.0.0");
    peer = start();
  }

  @AfterEach
  void stop() {
    peer.stop();
  }

  private UpgradePeer start() throws IOException {
    return new UpgradePeer(
        new Surroundings(
            bench.self,
            bench.documents,
            bench.releases,
            bench.blobs,
            bench.state,
            bench.log(),
            fellows,
            kernel,
            () -> nowMillis));
  }

  private Path state(String name) {
    return bench.root.resolve("state").resolve(name);
  }

  private Document publish(Release release) {
    return bench.published(release);
  }

  private static Release next(Waves waves) {
    return Bench.release("1.0.1").withPlan(new Plan(waves, 1));
  }

  private void stock(String... artifacts) {
    for (String artifact : artifacts) {
      fellows.blobs.put(Bench.blob(artifact, "1.0.1").sha256(), Bench.content(artifact, "1.0.1"));
    }
  }

  /** Both others say the same of the release. */
  private void say(Document release, Map<String, Mark> marks, boolean stocked) {
    String list = bench.documents.held(DocumentType.LIST).orElseThrow().hash();
    Waves waves = Release.ofBody(release.body()).plan().waves();
    WaveOrder order = new WaveOrder(release.hash(), Bench.MACHINES, list);
    for (String name : Bench.MACHINES) {
      Rollout rollout = new Rollout(order, waves, name);
      marks.forEach(rollout::mark);
      String encoded = Base64.getEncoder().encodeToString(rollout.marks());
      fellows.says.put(name, new RolloutMessage(name, release.hash(), list, encoded, stocked));
    }
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      peer.look();
    }
  }

  @Test
  void nothingIsDoneAboutTheReleaseThatRuns() {
    say(first, Map.of("b.example", Mark.PROVED, "c.example", Mark.PROVED), true);
    look(3);
    assertEquals(Optional.empty(), kernel.trial());
    assertEquals(LocalState.ADOPTED, peer.state());
    assertEquals(0, fellows.blobsGiven);
  }

  @Test
  void aPeerThatIsDoneWithAReleaseAsksNobodyUntilTheNextOneOrAnotherListComes() {
    say(first, Map.of("b.example", Mark.PROVED, "c.example", Mark.PROVED), true);
    look(3);
    int asked = fellows.asked;
    look(5);
    assertEquals(asked, fellows.asked);
    publish(next(Waves.ONE));
    look(1);
    assertTrue(fellows.asked > asked);
  }

  @Test
  void onlyWhatIsMissingIsFetchedAndThenTheReleaseIsTried() {
    Document next = publish(next(Waves.ONE));
    say(next, Map.of(), true);
    stock("gossip");
    look(1);
    assertEquals(1, fellows.blobsGiven);
    assertEquals(next.hash(), kernel.trial().orElseThrow().release());
    assertEquals(1_000, kernel.trial().orElseThrow().probationMillis());
    assertEquals(LocalState.PROVISIONAL, peer.state());
    assertTrue(Files.exists(state("release-" + next.hash())));
    assertTrue(bench.told("fetch", "smon-gossip-1.0.1.jar from "));
  }

  @Test
  void whoHasNothingIsNotAskedForFiles() {
    Document next = publish(next(Waves.ONE));
    say(next, Map.of(), false);
    stock("gossip");
    look(3);
    assertEquals(0, fellows.blobsGiven);
    assertEquals(LocalState.FETCHING, peer.state());
  }

  @Test
  void fetchingIsFreeButWhoseTurnItIsNotWaits() throws IOException {
    Document next = laterTurn();
    say(next, Map.of(), true);
    stock("gossip");
    look(3);
    assertTrue(new Depot(bench.root, bench.blobs).missing(next(Waves.GROWING)).isEmpty());
    assertEquals(Optional.empty(), kernel.trial());
    say(next, Map.of("b.example", Mark.PROVED, "c.example", Mark.PROVED), true);
    look(1);
    assertEquals(next.hash(), kernel.trial().orElseThrow().release());
  }

  /** A release in which this machine is not of the canaries: they are two of three. */
  private Document laterTurn() {
    for (int i = 0; ; i++) {
      Release release =
          new Release("1.0.1", 1, 1, new Plan(Waves.GROWING, 1 + i), next(Waves.ONE).blobs());
      Document next = publish(release);
      WaveOrder order = new WaveOrder(next.hash(), Bench.MACHINES, "");
      if (order.rankOf(Bench.SELF) == 2) {
        return next;
      }
    }
  }

  @Test
  void anAdoptedReleaseIsToldAndCompleteOnceAllHaveProvedIt() throws IOException {
    Document next = publish(next(Waves.ONE));
    say(next, Map.of(), true);
    stock("gossip");
    look(1);
    kernel.end(null);
    look(1);
    assertEquals(Optional.of(next.hash()), bench.releases.adopted().map(Document::hash));
    assertEquals(
        Optional.of(first.hash()),
        bench.releases.deployable().map(Document::hash),
        "new machines get the one before as long as waves are not complete");
    assertTrue(bench.told("adopt", "release 1.0.1 runs and is well"));
    say(next, Map.of("b.example", Mark.PROVED, "c.example", Mark.PROVED), true);
    look(2);
    assertEquals(Optional.of(next.hash()), bench.releases.deployable().map(Document::hash));
    assertEquals(State.adopted, peer.releases().releases().get(0).state());
  }

  @Test
  void whatWasTakenBackIsNotTriedAgainNotEvenByTheNextProcess() throws IOException {
    Document next = publish(next(Waves.ONE));
    say(next, Map.of(), true);
    stock("gossip");
    look(1);
    kernel.end("component x failed");
    look(2);
    assertEquals(Optional.empty(), kernel.trial());
    assertEquals(LocalState.ROLLED_BACK, peer.state());
    assertEquals("release 1.0.1: component x failed", peer.reason());
    assertTrue(bench.told("rollback", "component x failed"));
    peer.stop();
    peer = start();
    look(2);
    assertEquals(Optional.empty(), kernel.trial());
    assertEquals(LocalState.ROLLED_BACK, peer.state());
  }

  @Test
  void aQuarantinedReleaseIsNotBegun() {
    Document next = publish(next(Waves.ONE));
    say(next, Map.of("b.example", Mark.REFUSED, "c.example", Mark.REFUSED), true);
    stock("gossip");
    look(3);
    assertEquals(Optional.empty(), kernel.trial());
    assertEquals(LocalState.ROLLED_BACK, peer.state());
    ReleasesAnswer.ReleaseLine line = peer.releases().releases().get(0);
    assertEquals(State.quarantined, line.state());
    assertTrue(line.reason().contains("2 machines refused it"), line.reason());
    assertTrue(bench.told("quarantine", "release 1.0.1"));
  }

  @Test
  void whoHasAdoptedAReleaseThatIsQuarantinedGoesBackToTheOneBefore() throws IOException {
    Document next = publish(next(Waves.ONE));
    say(next, Map.of(), true);
    stock("gossip");
    look(1);
    kernel.end(null);
    say(next, Map.of("b.example", Mark.REFUSED, "c.example", Mark.REFUSED), true);
    look(2);
    assertEquals(first.hash(), kernel.trial().orElseThrow().release());
    kernel.end(null);
    look(3);
    assertEquals(Optional.empty(), kernel.trial(), "and stays there");
    assertEquals(Optional.of(first.hash()), bench.releases.adopted().map(Document::hash));
    assertEquals(LocalState.ROLLED_BACK, peer.state());
  }

  @Test
  void aForcedReleaseIsTriedWhateverOthersRefused() {
    Document next = publish(next(Waves.FORCED));
    say(next, Map.of("b.example", Mark.REFUSED, "c.example", Mark.REFUSED), true);
    stock("gossip");
    look(1);
    assertEquals(next.hash(), kernel.trial().orElseThrow().release());
  }

  @Test
  void withLivetagFalseNothingIsFetchedOrTried() {
    Document next = publish(next(Waves.ONE));
    bench.offer(bench.first(DocumentType.LIVETAG, Livetag.off(600).body()));
    say(next, Map.of(), true);
    stock("gossip");
    look(3);
    assertEquals(0, fellows.blobsGiven);
    assertEquals(Optional.empty(), kernel.trial());
  }

  @Test
  void anArtifactThatWouldReplaceOneThatRunsIsRefusedByThisMachine() throws IOException {
    Blob gossip = Bench.blob("gossip", "1.0.1");
    Blob same =
        new Blob(
            gossip.sha256(), gossip.size(), gossip.kind(), Bench.blob("gossip", "1.0.0").path());
    Document next = publish(new Release("1.0.1", 1, 1, new Plan(Waves.ONE, 1), List.of(same)));
    say(next, Map.of(), true);
    stock("gossip");
    look(2);
    assertEquals(Optional.empty(), kernel.trial());
    assertEquals(LocalState.ROLLED_BACK, peer.state());
    assertTrue(peer.reason().contains("its version has to differ"), peer.reason());
  }

  @Test
  void whatIsWrongWithTheMachineItselfMayPass() throws IOException {
    Document next = publish(next(Waves.ONE));
    Path repository = bench.root.resolve("repository");
    Path aside = bench.root.resolve("aside");
    Files.move(repository, aside);
    Files.writeString(repository, "a file where a directory has to be");
    say(next, Map.of(), true);
    stock("gossip");
    look(2);
    assertEquals(LocalState.ROLLED_BACK, peer.state());
    Files.delete(repository);
    Files.move(aside, repository);
    look(2);
    assertEquals(Optional.empty(), kernel.trial(), "not so soon");
    nowMillis += Refusals.FOR_NOW_MILLIS + 1;
    look(2);
    assertEquals(Optional.empty(), kernel.trial(), "the others count it as refused");
    peer.stop();
    peer = start();
    say(next, Map.of(), true);
    look(2);
    assertEquals(next.hash(), kernel.trial().orElseThrow().release());
  }

  @Test
  void aPublisherBringsOnlyBlobsOfTheNewestReleaseInPieces() throws Exception {
    byte[] content = Bench.content("gossip", "1.0.1");
    String hash = Bench.blob("gossip", "1.0.1").sha256();
    assertTrue(
        assertThrows(RefusedException.class, () -> peer.takeBlob(hash, 0, content))
            .getMessage()
            .contains("names no blob"));
    publish(next(Waves.ONE));
    assertEquals(new BlobReceipt(0, false), peer.takeBlob(hash, 0, new byte[0]));
    assertEquals(new BlobReceipt(10, false), peer.takeBlob(hash, 0, Arrays.copyOf(content, 10)));
    byte[] rest = Arrays.copyOfRange(content, 10, content.length);
    assertEquals(new BlobReceipt(content.length, true), peer.takeBlob(hash, 10, rest));
    assertArrayEquals(content, Files.readAllBytes(bench.blobs.find(hash).orElseThrow()));
    assertEquals(new BlobReceipt(content.length, true), peer.takeBlob(hash, 3, rest));
  }

  @Test
  void marksOfAnotherReleaseAreNotTakenForThisOne() {
    RolloutMessage other = new RolloutMessage("b.example", "f".repeat(64), "x", "//8=", true);
    assertThrows(RefusedException.class, () -> peer.rollout(other));
  }

  @Test
  void marksThatAreNotOfOursChangeNothing() throws RefusedException {
    Document next = publish(next(Waves.ONE));
    RolloutMessage broken = new RolloutMessage("b.example", next.hash(), "x", "!!", true);
    assertFalse(peer.rollout(broken).stocked());
    RolloutMessage none = new RolloutMessage(null, next.hash(), null, null, true);
    assertEquals(next.hash(), peer.rollout(none).release());
  }

  @Test
  void whyAFileCannotBeMadeIsToldAndNotItsPathAlone() {
    assertEquals("FileAlreadyExists: /a", UpgradePeer.told(new FileAlreadyExistsException("/a")));
    assertEquals("AccessDenied: /a", UpgradePeer.told(new AccessDeniedException("/a")));
    Exception full = new FileSystemException("/a", null, "No space left on device");
    assertEquals("/a: No space left on device", UpgradePeer.told(full));
  }
}

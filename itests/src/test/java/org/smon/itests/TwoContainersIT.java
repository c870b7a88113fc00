// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import org.smon.client.ClientHome;
import org.smon.client.ReleaseSource;
import org.smon.client.demo.MadeReleases;
import org.smon.wire.EventsQuery;
import org.smon.wire.MachineStatus;
import org.smon.wire.PeerApi;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusQuery;

/**
 * Two containers of our own assembly: what one was given reaches the other by gossip alone, and
 * both swap it in live (R18 to R21).
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TwoContainersIT {
  private static final int PATIENCE_SECONDS = 120;
  private static final int PIECE_BYTES = 256 << 10;

  private final List<TestContainer> containers = new ArrayList<>();

  @AfterEach
  void stop() {
    containers.forEach(TestContainer::stop);
  }

  @Test
  void aReleaseGivenToOneIsFetchedByTheOtherAndBothSwapItLive() throws Exception {
    List<PreparedRoot> roots = PreparedRoot.make(List.of("127.0.1.1", "127.0.1.2"));
    for (PreparedRoot root : roots) {
      start(root);
    }
    ClientHome client = roots.get(0).client();
    PeerApi one = peer(client, "127.0.1.1");
    PeerApi other = peer(client, "127.0.1.2");
    StatusAnswer before = awaitAllOn("1.0.0", one);

    ReleaseSource next = MadeReleases.after(roots.get(0).release(), roots.get(0).blobs(), "1.0.1");
    Release release = next.release().withPlan(new Plan(Waves.GROWING, 2));
    Document document = client.sign(DocumentType.RELEASE, release.body());
    assertEquals(Verdict.ADOPTED, one.offer(document.text()).verdict());
    int files = give(one, next);
    StatusAnswer after = awaitAllOn("1.0.1", one);

    assertEquals(pids(before), pids(after));
    for (PreparedRoot root : roots) {
      Await.until(
          root.machine() + " has adopted it",
          PATIENCE_SECONDS,
          () -> root.state("trial"),
          () ->
              root.state("installed").startsWith(document.hash()) && root.state("trial").isEmpty());
    }
    List<String> fetched =
        other.events(new EventsQuery(null, null, 1_000, List.of())).events().stream()
            .filter(event -> event.kind().equals("fetch"))
            .map(event -> event.cause())
            .toList();
    assertEquals(files, fetched.size(), fetched::toString);
    assertTrue(fetched.stream().allMatch(c -> c.endsWith(" from 127.0.1.1")), fetched::toString);
  }

  private void start(PreparedRoot root) throws IOException {
    TestContainer container =
        PaxExamRuntime.createContainer(
            PaxExamRuntime.createTestSystem(ExamOptions.of(root, Map.of())));
    containers.add(container);
    container.start();
  }

  private static PeerApi peer(ClientHome client, String machine) {
    int port = client.documents().settings().gossipPort();
    return client.connections().peer(machine, port, 5_000);
  }

  /** Hands over what came with the release; returns how many files that was. */
  private static int give(PeerApi peer, ReleaseSource source) throws IOException, RefusedException {
    int files = 0;
    for (Blob blob : source.release().blobs()) {
      var content = source.open(blob);
      if (content.isPresent()) {
        files++;
        try (InputStream bytes = content.get()) {
          give(peer, blob, bytes);
        }
      }
    }
    return files;
  }

  private static void give(PeerApi peer, Blob blob, InputStream content)
      throws IOException, RefusedException {
    long sent = 0;
    for (byte[] piece = content.readNBytes(PIECE_BYTES);
        piece.length > 0;
        piece = content.readNBytes(PIECE_BYTES)) {
      sent = peer.takeBlob(blob.sha256(), sent, piece).have();
    }
    assertEquals(blob.size(), sent, blob.path());
  }

  private static StatusAnswer awaitAllOn(String version, PeerApi peer) {
    StatusAnswer[] last = new StatusAnswer[1];
    Await.until(
        "both run " + version,
        PATIENCE_SECONDS,
        () -> last[0],
        () -> {
          last[0] = status(peer);
          return last[0] != null && last[0].machines().stream().allMatch(m -> runs(m, version));
        });
    return last[0];
  }

  private static boolean runs(MachineStatus machine, String version) {
    return version.equals(machine.release()) && "adopted".equals(machine.releaseState());
  }

  /** Null while it swaps. */
  private static StatusAnswer status(PeerApi peer) {
    try {
      return peer.status(new StatusQuery(null, 3_000));
    } catch (RefusedException | RuntimeException e) {
      return null;
    }
  }

  private static List<Long> pids(StatusAnswer status) {
    return status.machines().stream().map(MachineStatus::pid).toList();
  }
}

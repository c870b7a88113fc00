// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Hashes;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.wire.BlobReceipt;
import org.smon.wire.MachineStatus;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.Machines;
import org.smon.wire.ReleasesAnswer.ReleaseLine;
import org.smon.wire.ReleasesAnswer.State;
import org.smon.wire.StatusAnswer;

/**
 * What {@link DiskPeers} do with releases: take files by pieces as a peer does, and once one of
 * them has all, adopt the release in one go or refuse it.
 */
final class FakeRollout implements DiskPeers.More {
  private final DiskPeers peers;
  private final int machines;
  private final Map<String, ByteArrayOutputStream> received = new TreeMap<>();
  private final List<ReleaseLine> lines = new ArrayList<>();
  private final Set<Blob> before = new HashSet<>();
  private String running;
  private String previous;

  /** Whatever is published next is refused by all. */
  volatile boolean quarantines;

  /** It never comes to an end. */
  volatile boolean stalls;

  /** What the machine that is asked runs, if that is not what most do. */
  volatile StatusAnswer.ReleaseView asked;

  /** Machines that refuse it alone. */
  final Set<String> sick = ConcurrentHashMap.newKeySet();

  /** Machines that fail once, at the second piece of a file. */
  final Set<String> failing = ConcurrentHashMap.newKeySet();

  /** Every piece that was sent, by machine and place. */
  final List<String> pieces = new ArrayList<>();

  /** Documents that peers serve by their hashes. */
  final Map<String, Document> served = new TreeMap<>();

  FakeRollout(DiskPeers peers, int machines) {
    this.peers = peers;
    this.machines = machines;
    Document first = peers.home.documents().held(DocumentType.RELEASE).orElseThrow();
    running = Release.ofBody(first.body()).version();
    before.addAll(Release.ofBody(first.body()).blobs());
    lines.add(line(first, State.adopted));
  }

  @Override
  public synchronized Object answer(String machine, String method, Object[] args)
      throws RefusedException {
    Document newest = newest(machine);
    return switch (method) {
      case "takeBlob" ->
          takeBlob(machine, newest, (String) args[0], (long) args[1], (byte[]) args[2]);
      case "blob" -> served((String) args[0]);
      case "releases" -> {
        decide(newest);
        yield new ReleasesAnswer(List.copyOf(lines));
      }
      case "status" -> {
        decide(newest);
        yield status(newest);
      }
      default -> throw new RefusedException("not asked of this peer: " + method);
    };
  }

  private Document newest(String machine) {
    int number = Integer.parseInt(machine.substring(machine.lastIndexOf('.') + 1)) - 11;
    return peers.onDisk(number).held(DocumentType.RELEASE).orElseThrow();
  }

  private Object served(String hash) throws RefusedException {
    if (!served.containsKey(hash)) {
      throw new RefusedException("not here");
    }
    return new ByteArrayInputStream(
        served.get(hash).text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private BlobReceipt takeBlob(
      String machine, Document newest, String hash, long from, byte[] piece)
      throws RefusedException {
    Blob blob =
        Release.ofBody(newest.body()).blobs().stream()
            .filter(b -> b.sha256().equals(hash))
            .findFirst()
            .orElseThrow(() -> new RefusedException("the newest release does not name it"));
    ByteArrayOutputStream have =
        received.computeIfAbsent(machine + " " + hash, k -> new ByteArrayOutputStream());
    if (piece.length > 1 << 20) {
      throw new RefusedException("over 1 MiB");
    }
    if (piece.length > 0) {
      pieces.add(machine + " " + from);
    }
    if (from > 0 && failing.remove(machine)) {
      throw new RefusedException("No space left on device");
    }
    if (from == have.size()) {
      have.writeBytes(piece);
    }
    return new BlobReceipt(have.size(), isWhole(machine, blob));
  }

  private boolean isWhole(String machine, Blob blob) {
    ByteArrayOutputStream have = received.get(machine + " " + blob.sha256());
    return have != null && Hashes.of(have.toByteArray()).equals(blob.sha256());
  }

  /** How often a file is there, whole. */
  synchronized long holders(Blob blob) {
    return received.keySet().stream()
        .filter(key -> key.endsWith(blob.sha256()))
        .filter(key -> isWhole(key.split(" ")[0], blob))
        .count();
  }

  private void decide(Document newest) {
    ReleaseLine last = lines.get(0);
    if (newest.counter() > last.counter()) {
      lines.add(0, line(newest, State.spreading));
    } else if (last.state() == State.spreading && !stalls && isComplete(newest)) {
      lines.set(0, line(newest, quarantines ? State.quarantined : State.adopted));
      if (!quarantines) {
        previous = running;
        running = last.version();
        lines.replaceAll(l -> l.hash().equals(newest.hash()) ? l : superseded(l));
      }
    }
  }

  /** Every file is at some machine, or was in a release before. */
  private boolean isComplete(Document newest) {
    List<Blob> blobs = Release.ofBody(newest.body()).blobs();
    boolean complete = before.containsAll(blobs) || blobs.stream().allMatch(this::isHere);
    before.addAll(complete ? blobs : List.of());
    return complete;
  }

  private boolean isHere(Blob blob) {
    return before.contains(blob) || holders(blob) > 0;
  }

  private static ReleaseLine superseded(ReleaseLine l) {
    State state = l.state() == State.quarantined ? l.state() : State.superseded;
    return new ReleaseLine(
        l.version(), l.counter(), l.hash(), state, 0, l.waves(), l.machines(), l.reason());
  }

  private ReleaseLine line(Document document, State state) {
    boolean bad = state == State.quarantined;
    return new ReleaseLine(
        Release.ofBody(document.body()).version(),
        document.counter(),
        document.hash(),
        state,
        state == State.spreading ? 1 : 0,
        4,
        new Machines(0, bad ? 2 : 0, 0),
        bad ? "it throws" : null);
  }

  private StatusAnswer status(Document newest) {
    List<MachineStatus> all = new ArrayList<>();
    for (int i = 0; i < machines; i++) {
      all.add(machine(DiskPeers.name(i), Release.ofBody(newest.body()).version()));
    }
    return new StatusAnswer(
        newest.overlayId(),
        "lab",
        new StatusAnswer.LivetagView(true, 1),
        new StatusAnswer.ListView(1, machines),
        asked == null ? new StatusAnswer.ReleaseView(running, previous) : asked,
        all,
        StatusAnswer.Summary.of(all));
  }

  private MachineStatus machine(String name, String newest) {
    State state = lines.get(0).state();
    boolean refuses = state == State.quarantined || sick.contains(name) && running.equals(newest);
    String word = refuses ? "rolled-back" : state == State.spreading ? "fetching" : "adopted";
    return new MachineStatus(
        name,
        MachineStatus.State.online,
        1L,
        null,
        refuses && running.equals(newest) ? previous : running,
        word,
        1L,
        1L,
        null,
        null,
        null,
        0L,
        refuses
            ? "release " + newest + ": " + (quarantines ? "it throws" : "its disk is full")
            : null,
        List.of());
  }
}

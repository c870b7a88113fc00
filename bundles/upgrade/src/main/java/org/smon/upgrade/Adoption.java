// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Versions;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;
import org.smon.kernel.Order;
import org.smon.wire.NotReadyException;
import org.smon.wire.RolloutMessage;

/**
 * What this machine does about the newest release, one look after the other: hear how it is coming
 * along, fetch, try it in its turn, leave it again when it is quarantined (R18 to R23). {@link
 * #look} is for one thread; the rest for any.
 */
final class Adoption {
  private static final int LEAST_PATIENCE_MILLIS = 5_000;
  private static final int MOST_PATIENCE_MILLIS = 30_000;

  /** Blobs, their links and Karaf's copies. */
  private static final int ROOM_TIMES = 3;

  private final Surroundings around;
  private final Depot depot;
  private final Refusals refusals;
  private final Fellows fellows;
  private final Supplier<String> baseline;
  private final RandomGenerator random;

  private volatile Course course;

  /** The documents under which there was nothing more to do, or null. */
  private Versions settledBy;

  /**
   * @param baseline what is well just before a swap
   */
  Adoption(
      Surroundings around,
      Depot depot,
      Refusals refusals,
      Fellows fellows,
      Supplier<String> baseline,
      RandomGenerator random) {
    this.around = around;
    this.depot = depot;
    this.refusals = refusals;
    this.fellows = fellows;
    this.baseline = baseline;
    this.random = random;
  }

  /** The release that is followed, or null. */
  Course course() {
    return course;
  }

  /** The only catch: a step that fails is told, and the next one tries again. */
  void look() {
    if (settledBy != null && settledBy.equals(held())) {
      return; // as nearly always: no file is read, and nobody is asked
    }
    try {
      Optional<Document> newest = around.documents().held(DocumentType.RELEASE);
      Optional<Document> adopted = around.releases().adopted();
      if (newest.isPresent() && adopted.isPresent()) {
        step(follow(newest.get()), adopted.get());
      }
    } catch (IOException | RuntimeException e) {
      around
          .events()
          .emit("upgrade", around.self().name(), "a step failed: " + UpgradePeer.told(e), Map.of());
    }
  }

  /** What a course depends on. */
  private Versions held() {
    Versions all = around.documents().versions();
    return all.without(DocumentType.LIVETAG).without(DocumentType.KEYRING);
  }

  /** The course of the newest release; another one's is over. */
  synchronized Course follow(Document newest) {
    if (course == null || !course.hash().equals(newest.hash())) {
      course =
          new Course(
              newest,
              around.documents(),
              around.self().name(),
              restarts(newest),
              around.nowMillis());
    }
    course.follow(around.documents());
    return course;
  }

  /** True if it takes another runtime than the one that runs here. */
  private boolean restarts(Document newest) {
    Optional<Blob> mine =
        around.releases().adopted().flatMap(adopted -> Release.ofBody(adopted.body()).runtime());
    return !Release.ofBody(newest.body()).runtime().equals(mine);
  }

  private void step(Course now, Document adopted) throws IOException {
    boolean runs = now.hash().equals(adopted.hash());
    if (runs) {
      now.mark(Mark.PROVED);
    } else if (refusals.isOwn(now.hash())) {
      now.mark(Mark.REFUSED);
    }
    boolean settled = runs && now.complete() && isNoted(now); // whoever needs marks asks
    settledBy = settled ? held() : null;
    if (settled || !around.documents().livetag().value()) {
      return;
    }
    talk(now);
    if (around.kernel().trial().isPresent()) {
      return;
    }
    Verdict verdict = now.verdict();
    if (verdict == Verdict.QUARANTINED) {
      quarantine(now, runs);
    } else if (runs) {
      noteComplete(now);
    } else if (verdict == Verdict.MAY_ADOPT && now.document().supersedes(adopted)) {
      tryIt(now);
    }
  }

  /** Tells fellows how far the release is, hears the same, and takes what they have of it. */
  private void talk(Course now) {
    for (String fellow : now.partners(random)) {
      talk(now, fellow);
    }
    now.lookAtClock(around.nowMillis());
  }

  private void talk(Course now, String fellow) {
    List<Blob> missing = depot.missing(now.release());
    try {
      RolloutMessage answer = fellows.exchange(fellow, now.message(missing.isEmpty()));
      now.exchanged(fellow, true, around.nowMillis());
      now.merge(answer);
      if (answer.stocked() && now.hash().equals(answer.release()) && hasRoom(now, missing)) {
        fellows.fetch(fellow, missing, depot);
      }
    } catch (RefusedException | NotReadyException e) {
      now.exchanged(fellow, true, around.nowMillis()); // it lives: busy, or with another release
    } catch (UncheckedIOException e) {
      now.exchanged(fellow, false, around.nowMillis());
    }
  }

  /** A disk that is full is this machine's own trouble, and nobody is to wait for it. */
  private boolean hasRoom(Course now, List<Blob> missing) {
    long bytes = missing.stream().mapToLong(Blob::size).sum();
    long free = around.self().root().toFile().getUsableSpace();
    boolean room = free > ROOM_TIMES * bytes;
    if (!room && refusals.of(now.hash()).isEmpty()) {
      refuse(now, "no space: it needs %d MB, %d are free".formatted(bytes >> 20, free >> 20));
    }
    return room;
  }

  /** Fetching is free, adopting is for whose turn it is. */
  private void tryIt(Course now) throws IOException {
    if (refusals.of(now.hash()).isPresent() || !depot.missing(now.release()).isEmpty()) {
      return;
    }
    try {
      depot.stage(now.document());
      begin(
          now.document(), now.release().plan(), "release " + now.release().version() + " is tried");
    } catch (InvalidInputException | IOException e) {
      refuse(now, UpgradePeer.told(e));
    }
  }

  private void begin(Document document, Release.Plan plan, String cause) throws IOException {
    long probationMillis = TimeUnit.SECONDS.toMillis(plan.probationSeconds());
    long patienceMillis =
        Math.max(LEAST_PATIENCE_MILLIS, Math.min(MOST_PATIENCE_MILLIS, probationMillis));
    around.events().emit("swap", around.self().name(), cause, Map.of("release", document.hash()));
    around
        .kernel()
        .begin(new Order(document.hash(), probationMillis, patienceMillis, baseline.get()));
  }

  /** For reasons of this machine's own, which may pass. */
  private void refuse(Course now, String reason) {
    now.mark(Mark.REFUSED);
    around
        .events()
        .emit(
            "refuse",
            around.self().name(),
            "release " + now.release().version() + ": " + reason,
            Map.of("release", now.hash()));
    refusals.addForNow(now.hash(), reason);
  }

  /** Enough have refused it: nobody begins it any more, and who has it goes back. */
  private void quarantine(Course now, boolean runs) throws IOException {
    String version = now.release().version();
    String reason = "quarantined: %d machines refused it".formatted(now.refused());
    if (refusals.of(now.hash()).isEmpty()) {
      around
          .events()
          .emit(
              "quarantine",
              around.self().name(),
              "release " + version + " is " + reason,
              Map.of("release", now.hash()));
      refusals.addOfOthers(now.hash(), reason);
    }
    Optional<Document> before = around.releases().previous();
    if (runs && before.isPresent()) {
      String former = Release.ofBody(before.get().body()).version();
      String cause = "back to release " + former + ", for " + version + " is " + reason;
      begin(before.get(), now.release().plan(), cause);
    }
  }

  private Path complete() {
    return around.self().root().resolve("state/complete");
  }

  private boolean isNoted(Course now) throws IOException {
    return Files.exists(complete()) && Files.readString(complete()).strip().equals(now.hash());
  }

  /** From now on new machines get it; what no release needs any more goes. */
  private void noteComplete(Course now) throws IOException {
    if (!now.complete() || isNoted(now)) {
      return;
    }
    Path temporary = complete().resolveSibling("complete.new");
    Files.writeString(temporary, now.hash() + "\n");
    Files.move(temporary, complete(), StandardCopyOption.ATOMIC_MOVE);
    List<Document> kept = new ArrayList<>();
    around.releases().adopted().ifPresent(kept::add);
    around.releases().previous().ifPresent(kept::add);
    around.documents().held(DocumentType.RELEASE).ifPresent(kept::add);
    depot.sweep(kept);
  }
}

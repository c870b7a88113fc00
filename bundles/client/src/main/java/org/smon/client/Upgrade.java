// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import org.smon.wire.MachineStatus;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.ReleaseLine;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusQuery;

/**
 * Publishes a release and watches what becomes of it (R20, R52): all that can be wrong is found
 * before it is signed; then the document goes to three disks, the files that peers lack to three
 * peers, and the overlay does the rest. Calls block. One thread.
 */
public final class Upgrade {
  private static final int PATIENCE_MILLIS = 6_000;
  private static final int COLLECT_MILLIS = 3_000;

  private final ClientHome home;
  private final Console console;
  private final int timeoutSeconds;
  private final long startNanos = System.nanoTime();
  private final Publication publication;
  private StatusAnswer before;
  private HomeReleases known;

  /**
   * What became of it; the JSON of {@code smon upgrade}.
   *
   * @param machines how many have adopted it, refused it, have it on trial
   * @param reason why it is quarantined, or null
   */
  public record Outcome(
      String version,
      long counter,
      ReleasesAnswer.State state,
      ReleasesAnswer.Machines machines,
      String reason,
      double seconds,
      List<MachineStatus> status) {
    public boolean isAdopted() {
      return state == ReleasesAnswer.State.adopted;
    }

    public boolean isQuarantined() {
      return state == ReleasesAnswer.State.quarantined;
    }
  }

  public Upgrade(ClientHome home, Console console, int timeoutSeconds) {
    this.home = home;
    this.console = console;
    this.timeoutSeconds = timeoutSeconds;
    this.publication = new Publication(home, console);
  }

  /** The overlay as it was found, before anything was published. */
  public StatusAnswer before() {
    return before;
  }

  /** Publishes a release that came from outside. */
  public Outcome to(ReleaseSource source, Plan plan) throws IOException {
    meet();
    Release release = carriedOver(source.release()).withPlan(plan);
    if (!isPublishedAlready(release)) {
      requireAbove(release);
    }
    new ReleaseCheck(known, home.blobs()).check(source);
    keep(source);
    return publish(release);
  }

  /** Publishes the newest one again, whatever was said of it. */
  Outcome again(Plan plan) throws IOException {
    meet();
    Document newest = newest();
    if (!known.isQuarantined(newest)) {
      throw new FailedException(
          told(newest) + " is not quarantined; `smon releases` shows what runs");
    }
    return publish(Release.ofBody(newest.body()).withPlan(plan));
  }

  /** Publishes the set before as a newer release. */
  Outcome back(Plan plan) throws IOException {
    meet();
    Document target = target();
    console.say("going back to the files of " + told(target));
    return publish(Release.ofBody(target.body()).withPlan(plan));
  }

  /** What spreads is stopped by what runs; what runs is followed by what ran before. */
  private Document target() {
    Document newest = newest();
    Document current = known.adopted().orElseThrow();
    if (known.isQuarantined(newest)) {
      throw new FailedException(
          told(newest)
              + " is quarantined, so every machine is back on "
              + told(current)
              + " already");
    }
    if (!HomeReleases.sameFiles(newest, current)) {
      return current;
    }
    String version = previousOf(current);
    return (version == null ? known.previous() : known.ofVersion(version))
        .orElseThrow(
            () ->
                new FailedException(
                    version == null
                        ? "there is no release before " + told(current)
                        : "neither this home nor a peer that answers has the manifest of release "
                            + version
                            + "; publish it by its file"));
  }

  /** The asked peer's word, if it runs what is to be reverted: a machine may have refused it. */
  private String previousOf(Document current) {
    StatusAnswer.ReleaseView there = before.release();
    boolean same =
        there != null && Release.ofBody(current.body()).version().equals(there.version());
    return same ? there.previous() : null;
  }

  private Document newest() {
    return home.documents()
        .held(DocumentType.RELEASE)
        .orElseThrow(() -> new FailedException("this overlay has no release yet: smon deploy"));
  }

  /** Somebody has to be there, and says what is newer than this home. */
  private void meet() {
    home.operator(); // one line now, if there is none
    if (!home.everAnswered()) {
      throw new FailedException("nothing runs that could be upgraded; place it: smon deploy");
    }
    Overlay overlay = new Overlay(home, home.connections(), PATIENCE_MILLIS);
    try {
      before = overlay.ask(peer -> peer.status(new StatusQuery(null, COLLECT_MILLIS))).value();
    } catch (Overlay.SilentException e) {
      throw new FailedException(e.told() + "; nothing was published", e);
    }
    new Newest(home, console).fetch(DocumentType.RELEASE);
    known = new OverlayReleases(home).learn();
  }

  /** The Java that machines without one got with an earlier release stays part of it. */
  private Release carriedOver(Release release) {
    List<Blob> blobs = new ArrayList<>(release.blobs());
    if (blobs.stream().noneMatch(blob -> blob.kind() == Release.Kind.JRE)) {
      current().stream()
          .flatMap(now -> now.blobs().stream())
          .filter(blob -> blob.kind() == Release.Kind.JRE)
          .forEach(blobs::add);
    }
    return new Release(
        release.version(), release.wireMin(), release.wireMax(), release.plan(), blobs);
  }

  private Optional<Release> current() {
    return known.adopted().map(Document::body).map(Release::ofBody);
  }

  /** True if an earlier run published it, and was cut off or is to be forced now. */
  private boolean isPublishedAlready(Release release) {
    Document newest = newest();
    Release held = Release.ofBody(newest.body());
    boolean same = held.blobs().equals(release.blobs()) && held.version().equals(release.version());
    if (same && known.isQuarantined(newest) && release.plan().waves() != Waves.FORCED) {
      throw new FailedException(
          told(newest) + " is quarantined; --force publishes it all the same");
    }
    return same && !known.adopted().map(Document::hash).equals(Optional.of(newest.hash()));
  }

  private void requireAbove(Release release) {
    if (current().filter(now -> now.blobs().equals(release.blobs())).isPresent()) {
      throw new FailedException(
          "nothing changed: release " + current().orElseThrow().version() + " has the same files");
    }
    String highest = known.highestVersion();
    if (ReleaseNumber.of(release.version()).compareTo(ReleaseNumber.of(highest)) <= 0) {
      throw new FailedException(
          "release "
              + release.version()
              + " is not above "
              + highest
              + ", which was published before; raise its version, or go back by --revert");
    }
  }

  private void keep(ReleaseSource source) throws IOException {
    Blobs blobs = home.blobs();
    for (Blob blob : source.release().blobs()) {
      Optional<InputStream> content =
          blobs.find(blob.sha256()).isPresent() ? Optional.empty() : source.open(blob);
      if (content.isPresent()) {
        try (InputStream bytes = content.get()) {
          blobs.store(blob.sha256(), bytes);
        }
      }
    }
  }

  private Outcome publish(Release release) throws IOException {
    Document document = sign(release);
    RolloutWatch watch = new RolloutWatch(home, console, document);
    watch.say(
        "publishing %s: %d files, %d of them changed"
            .formatted(told(document), release.blobs().size(), changed(release).size()));
    acknowledge();
    upload(release, watch);
    RolloutWatch.Seen seen = watch.await(deadlineNanos());
    return told(document, seen, watch.seconds());
  }

  private Document sign(Release release) {
    if (release.plan().waves() == Waves.FORCED) {
      return home.sign(DocumentType.RELEASE, release.body(), conflicts());
    }
    return home.sign(DocumentType.RELEASE, release.body());
  }

  private List<String> conflicts() {
    return home.documents().conflicts(DocumentType.RELEASE).stream().map(Document::hash).toList();
  }

  /** Too few disks are no reason to keep its files back. */
  private void acknowledge() {
    try {
      publication.acknowledge(
          DocumentType.RELEASE, Math.min(timeoutSeconds, Publication.DEFAULT_TIMEOUT_SECONDS));
    } catch (FailedException e) {
      if (e.exitStatus() != ExitStatus.NOT_CONVERGED) {
        throw e;
      }
      console.note("smon: " + e.getMessage());
    }
  }

  /** What the release that runs does not have. */
  private List<Blob> changed(Release release) {
    List<String> there =
        current().stream().flatMap(now -> now.blobs().stream()).map(Blob::sha256).toList();
    return release.blobs().stream().filter(blob -> !there.contains(blob.sha256())).toList();
  }

  private void upload(Release release, RolloutWatch watch) throws IOException {
    BlobUpload upload = new BlobUpload(home, home.blobs(), changed(release));
    upload.run(deadlineNanos());
    if (upload.holders().isEmpty()) {
      throw FailedException.notConverged(
          "release %s is published, but no peer has its files: %s; run this again to go on"
              .formatted(release.version(), oneOf(upload)));
    }
    watch.say(
        "%.2f MB sent; %s has the files, or has them now"
            .formatted(upload.sentBytes() / 1e6, String.join(", ", upload.holders())));
  }

  private static String oneOf(BlobUpload upload) {
    return upload.reasons().entrySet().stream()
        .findFirst()
        .map(e -> e.getKey() + ": " + e.getValue())
        .orElse("there is no peer to ask");
  }

  private long deadlineNanos() {
    return startNanos + TimeUnit.SECONDS.toNanos(timeoutSeconds);
  }

  private Outcome told(Document document, RolloutWatch.Seen seen, double seconds) {
    ReleasesAnswer.State verdict = verdict(seen);
    known = home.releases();
    known.note(document.hash(), verdict);
    Tally tally = seen.tally();
    return new Outcome(
        tally.version(),
        document.counter(),
        verdict,
        new ReleasesAnswer.Machines(
            tally.adopted().size(), tally.refusing().size(), tally.provisional().size()),
        seen.line().map(ReleaseLine::reason).orElse(null),
        seconds,
        seen.status().machines());
  }

  /** A peer's word that it is adopted is not enough while a machine that answers has not. */
  private static ReleasesAnswer.State verdict(RolloutWatch.Seen seen) {
    if (seen.isAdopted()) {
      return ReleasesAnswer.State.adopted;
    }
    return seen.isIn(ReleasesAnswer.State.adopted)
        ? ReleasesAnswer.State.spreading
        : seen.line().map(ReleaseLine::state).orElse(ReleasesAnswer.State.spreading);
  }

  private static String told(Document document) {
    return "release %s (%d)"
        .formatted(Release.ofBody(document.body()).version(), document.counter());
  }
}

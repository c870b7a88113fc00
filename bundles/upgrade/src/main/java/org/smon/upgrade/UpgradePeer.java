// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.smon.api.Blobs;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.InvalidInputException;
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Releases;
import org.smon.api.State;
import org.smon.api.Vitals;
import org.smon.core.Rollout.Mark;
import org.smon.core.Rollout.Verdict;
import org.smon.kernel.Candidate;
import org.smon.kernel.Complaint;
import org.smon.kernel.Kernel;
import org.smon.kernel.Order;
import org.smon.kernel.Outcome;
import org.smon.wire.BlobReceipt;
import org.smon.wire.Connections;
import org.smon.wire.NotReadyException;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.RolloutMessage;
import org.smon.wire.UpgradeApi;

/**
 * Brings this machine to the newest release when its turn has come, and back when the release turns
 * out bad (R18 to R23). One thread looks once a second; what it swaps is the kernel's to swap, this
 * bundle included.
 */
@Component(
    service = {UpgradeApi.class, Candidate.class},
    immediate = true)
public final class UpgradePeer implements UpgradeApi, Candidate {
  private static final int LOOK_MILLIS = 1_000;
  private static final int LEAST_PATIENCE_MILLIS = 5_000;
  private static final int MOST_PATIENCE_MILLIS = 30_000;

  private final LocalPeer self;
  private final Documents documents;
  private final Releases releases;
  private final Events events;
  private final Kernel kernel;
  private final Depot depot;
  private final Refusals refusals;
  private final Fellows fellows;
  private final RandomGenerator random = new SecureRandom();
  private final Vigil vigil;
  private final Path root;
  private final Runnable ending;

  private volatile Course course;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Vitals vitals;

  @Activate
  public UpgradePeer(
      @Reference LocalPeer self,
      @Reference Documents documents,
      @Reference Releases releases,
      @Reference Blobs blobs,
      @Reference State state,
      @Reference Events events,
      @Reference Connections connections,
      @Reference Kernel kernel)
      throws IOException {
    this(
        self,
        documents,
        releases,
        blobs,
        state,
        events,
        connections,
        kernel,
        new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "smon-upgrade")));
  }

  private UpgradePeer(
      LocalPeer self,
      Documents documents,
      Releases releases,
      Blobs blobs,
      State state,
      Events events,
      Connections connections,
      Kernel kernel,
      ScheduledThreadPoolExecutor thread)
      throws IOException {
    this(self, documents, releases, blobs, state, events, connections, kernel, thread::shutdownNow);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Looks only when {@link #look} is called.
   *
   * @param ending what ends the looking
   */
  UpgradePeer(
      LocalPeer self,
      Documents documents,
      Releases releases,
      Blobs blobs,
      State state,
      Events events,
      Connections connections,
      Kernel kernel,
      Runnable ending)
      throws IOException {
    this.ending = ending;
    this.self = self;
    this.documents = documents;
    this.releases = releases;
    this.events = events;
    this.kernel = kernel;
    root = self.root();
    depot = new Depot(root, blobs);
    refusals = new Refusals(state);
    fellows = new Fellows(self, documents, connections, events);
    vigil = new Vigil(self, documents, state, connections);
  }

  /** The kernel may be in the middle of swapping this very bundle: nothing is waited for. */
  @Deactivate
  public void stop() {
    ending.run();
  }

  /** The only catch: a step that fails is told, and the next one tries again. */
  void look() {
    try {
      Optional<Document> newest = documents.held(DocumentType.RELEASE);
      Optional<Document> adopted = releases.adopted();
      if (newest.isPresent() && adopted.isPresent()) {
        step(follow(newest.get()), adopted.get());
      }
    } catch (IOException | RuntimeException e) {
      events.emit("upgrade", self.name(), "a step failed: " + told(e), Map.of());
    }
  }

  private Course follow(Document newest) {
    Course followed = course;
    if (followed == null || !followed.hash().equals(newest.hash())) {
      followed = new Course(newest, documents, self.name(), restarts(newest), nowMillis());
      course = followed;
    }
    followed.follow(documents);
    return followed;
  }

  /** True if it takes another runtime than the one that runs here. */
  private boolean restarts(Document newest) {
    Optional<Blob> mine =
        releases.adopted().flatMap(adopted -> Release.ofBody(adopted.body()).runtime());
    return !Release.ofBody(newest.body()).runtime().equals(mine);
  }

  private void step(Course now, Document adopted) throws IOException {
    boolean runs = now.hash().equals(adopted.hash());
    boolean settled = runs && now.complete();
    if (runs) {
      now.mark(Mark.PROVED);
    } else if (refusals.of(now.hash()).isPresent()) {
      now.mark(Mark.REFUSED);
    }
    if (!documents.livetag().value() || settled && isNoted(now)) {
      return; // others in need of marks ask
    }
    talk(now);
    if (kernel.trial().isPresent()) {
      return;
    }
    Verdict verdict = now.verdict();
    if (verdict == Verdict.QUARANTINED) {
      quarantine(now, runs);
    } else if (runs) {
      noteComplete(now);
    } else if (adopted.counter() < now.document().counter()) {
      approach(now, verdict);
    }
  }

  /**
   * Tells a random fellow how far the release is, hears the same, and takes from him what he has.
   */
  private void talk(Course now) {
    for (String fellow : now.partners(random)) {
      talk(now, fellow);
    }
    now.lookAtClock(nowMillis());
  }

  private void talk(Course now, String fellow) {
    List<Blob> missing = depot.missing(now.release());
    try {
      RolloutMessage answer = fellows.exchange(fellow, now.message(missing.isEmpty()));
      now.exchanged(fellow, true, nowMillis());
      now.merge(answer);
      if (answer.stocked() && now.hash().equals(answer.release())) {
        fellows.fetch(fellow, missing, depot);
      }
    } catch (RefusedException | NotReadyException e) {
      now.exchanged(fellow, true, nowMillis()); // it lives, and is busy or knows another release
    } catch (UncheckedIOException e) {
      now.exchanged(fellow, false, nowMillis());
    }
  }

  /** Fetching is free, adopting is for whose turn it is. */
  private void approach(Course now, Verdict verdict) throws IOException {
    boolean mayTry = verdict == Verdict.MAY_ADOPT && refusals.of(now.hash()).isEmpty();
    if (!mayTry || !depot.missing(now.release()).isEmpty()) {
      return;
    }
    try {
      depot.stage(now.document());
      begin(now, "release " + now.release().version() + " is tried");
    } catch (InvalidInputException | IOException e) {
      refuse(now, told(e)); // of this machine's own, as a full disk is
    }
  }

  private void begin(Course now, String cause) throws IOException {
    Release.Plan plan = now.release().plan();
    begin(now.document(), plan, cause);
  }

  private void begin(Document document, Release.Plan plan, String cause) throws IOException {
    long probationMillis = TimeUnit.SECONDS.toMillis(plan.probationSeconds());
    long patienceMillis =
        Math.max(LEAST_PATIENCE_MILLIS, Math.min(MOST_PATIENCE_MILLIS, probationMillis));
    events.emit("swap", self.name(), cause, Map.of("release", document.hash()));
    kernel.begin(
        new Order(document.hash(), probationMillis, patienceMillis, vigil.baseline(vitals)));
  }

  private void refuse(Course now, String reason) throws IOException {
    now.mark(Mark.REFUSED);
    events.emit(
        "refuse",
        self.name(),
        "release " + now.release().version() + ": " + reason,
        Map.of("release", now.hash()));
    refusals.add(now.hash(), reason);
  }

  /** Enough have refused it: nobody begins it any more, and who has it goes back. */
  private void quarantine(Course now, boolean runs) throws IOException {
    String reason = "quarantined: %d machines refused it".formatted(now.refused());
    if (refusals.of(now.hash()).isEmpty()) {
      events.emit(
          "quarantine",
          self.name(),
          "release " + now.release().version() + " is " + reason,
          Map.of("release", now.hash()));
      refusals.add(now.hash(), reason);
    }
    Optional<Document> before = releases.previous();
    if (runs && before.isPresent()) {
      Release former = Release.ofBody(before.get().body());
      begin(
          before.get(),
          now.release().plan(),
          "back to release "
              + former.version()
              + ", for "
              + now.release().version()
              + " is "
              + reason);
    }
  }

  private boolean isNoted(Course now) throws IOException {
    Path complete = root.resolve("state/complete");
    return Files.exists(complete) && Files.readString(complete).strip().equals(now.hash());
  }

  /** From now on new machines get it; what no release needs any more goes. */
  private void noteComplete(Course now) throws IOException {
    if (!now.complete() || isNoted(now)) {
      return;
    }
    Path complete = root.resolve("state/complete");
    Path temporary = complete.resolveSibling("complete.new");
    Files.writeString(temporary, now.hash() + "\n");
    Files.move(temporary, complete, StandardCopyOption.ATOMIC_MOVE);
    sweep();
  }

  private void sweep() throws IOException {
    List<Document> kept = new ArrayList<>();
    releases.adopted().ifPresent(kept::add);
    releases.previous().ifPresent(kept::add);
    documents.held(DocumentType.RELEASE).ifPresent(kept::add);
    depot.sweep(kept);
  }

  @Override
  public List<Complaint> complaints(String baseline) {
    return vigil.complaints(baseline, vitals);
  }

  @Override
  public Path rehearse(String sha256, long size) throws IOException {
    IOException last = null;
    for (String host : List.of(self.name(), "127.0.0.1")) {
      try (InputStream content = fellows.own(host).blob(sha256, 0)) {
        return depot.rehearse(sha256, size, content);
      } catch (RefusedException | RuntimeException e) {
        last = new IOException(told(e), e);
      }
    }
    throw last;
  }

  @Override
  public void told(Outcome outcome) {
    String version = version(outcome.release());
    try {
      if (outcome.adopted()) {
        events.emit(
            "adopt",
            self.name(),
            "release " + version + " runs and is well",
            Map.of("release", outcome.release()));
      } else {
        events.emit(
            "rollback",
            self.name(),
            "release " + version + " was taken back: " + outcome.reason(),
            Map.of("release", outcome.release()));
        refusals.add(outcome.release(), outcome.reason());
      }
    } catch (IOException e) {
      events.emit("damaged", self.name(), told(e), Map.of());
    }
  }

  private String version(String release) {
    try {
      Path manifest = root.resolve("state/release-" + release);
      return Release.ofBody(Document.parse(Files.readString(manifest)).body()).version();
    } catch (IOException | IllegalArgumentException e) {
      return release.substring(0, 12);
    }
  }

  @Override
  public LocalState state() {
    Course now = course;
    if (kernel.trial().isPresent()) {
      return LocalState.PROVISIONAL;
    }
    if (now == null || releases.adopted().map(Document::hash).equals(Optional.of(now.hash()))) {
      return LocalState.ADOPTED;
    }
    if (refusals.of(now.hash()).isPresent()) {
      return LocalState.ROLLED_BACK;
    }
    return depot.missing(now.release()).isEmpty() ? LocalState.ADOPTED : LocalState.FETCHING;
  }

  @Override
  public String reason() {
    Course now = course;
    return now == null || state() != LocalState.ROLLED_BACK
        ? null
        : "release %s: %s"
            .formatted(now.release().version(), refusals.of(now.hash()).orElse("refused"));
  }

  @Override
  public RolloutMessage rollout(RolloutMessage message) throws RefusedException {
    Optional<Document> newest = documents.held(DocumentType.RELEASE);
    if (newest.isEmpty() || !newest.get().hash().equals(message.release())) {
      throw new RefusedException("this peer has heard of another release");
    }
    Course now = follow(newest.get());
    now.merge(message);
    return now.message(depot.missing(now.release()).isEmpty());
  }

  @Override
  public BlobReceipt takeBlob(String sha256, long from, byte[] piece) throws RefusedException {
    Release newest =
        documents
            .release()
            .orElseThrow(() -> new RefusedException("no release is known here that names it"));
    Blob blob =
        Depot.named(newest, sha256)
            .orElseThrow(() -> new RefusedException("the newest release names no blob " + sha256));
    try {
      if (depot.has(blob)) {
        return new BlobReceipt(blob.size(), true);
      }
      long has = depot.append(blob, from, new ByteArrayInputStream(piece));
      return new BlobReceipt(has, depot.has(blob));
    } catch (IOException e) {
      throw new RefusedException("blob " + blob.path() + " cannot be kept: " + told(e));
    }
  }

  @Override
  public ReleasesAnswer releases() {
    return new ReleaseLines(documents, releases, refusals).of(course, kernel.trial().isPresent());
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private static String told(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}

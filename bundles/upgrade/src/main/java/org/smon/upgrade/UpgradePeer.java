// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Releases;
import org.smon.api.State;
import org.smon.api.Vitals;
import org.smon.kernel.Candidate;
import org.smon.kernel.Complaint;
import org.smon.kernel.Kernel;
import org.smon.kernel.Outcome;
import org.smon.wire.BlobReceipt;
import org.smon.wire.Connections;
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

  private final Surroundings around;
  private final Depot depot;
  private final Refusals refusals;
  private final Fellows fellows;
  private final Vigil vigil;
  private final Adoption adoption;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "smon-upgrade"));

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
        new Surroundings(
            self,
            documents,
            releases,
            blobs,
            state,
            events,
            connections,
            kernel,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Looks only when {@link #look} is called. */
  UpgradePeer(Surroundings around) throws IOException {
    this.around = around;
    depot = new Depot(around.self().root(), around.blobs());
    refusals = new Refusals(around.state(), around.clock());
    fellows = new Fellows(around);
    vigil = new Vigil(around);
    adoption =
        new Adoption(
            around, depot, refusals, fellows, () -> vigil.baseline(vitals), new SecureRandom());
  }

  /** The kernel may be in the middle of swapping this very bundle: nothing is waited for. */
  @Deactivate
  public void stop() {
    thread.shutdownNow();
  }

  void look() {
    adoption.look();
  }

  @Override
  public List<Complaint> complaints(String baseline) {
    return vigil.complaints(baseline, vitals);
  }

  @Override
  public Path rehearse(String sha256, long size) throws IOException {
    IOException last = null;
    for (String host : List.of(around.self().name(), "127.0.0.1")) {
      try (InputStream content = fellows.peer(host).blob(sha256, 0)) {
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
        around
            .events()
            .emit(
                "adopt",
                around.self().name(),
                "release " + version + " runs and is well",
                Map.of("release", outcome.release()));
      } else {
        around
            .events()
            .emit(
                "rollback",
                around.self().name(),
                "release " + version + " was taken back: " + outcome.reason(),
                Map.of("release", outcome.release()));
        refusals.add(outcome.release(), outcome.reason());
      }
    } catch (IOException e) {
      around.events().emit("damaged", around.self().name(), told(e), Map.of());
    }
  }

  private String version(String release) {
    try {
      Path manifest = around.self().root().resolve("state/release-" + release);
      return Release.ofBody(Document.parse(Files.readString(manifest)).body()).version();
    } catch (IOException | IllegalArgumentException e) {
      return release.substring(0, 12);
    }
  }

  @Override
  public LocalState state() {
    Course now = adoption.course();
    if (around.kernel().trial().isPresent()) {
      return LocalState.PROVISIONAL;
    }
    if (now == null
        || around.releases().adopted().map(Document::hash).equals(Optional.of(now.hash()))) {
      return LocalState.ADOPTED;
    }
    if (refusals.of(now.hash()).isPresent()) {
      return LocalState.ROLLED_BACK;
    }
    return depot.missing(now.release()).isEmpty() ? LocalState.ADOPTED : LocalState.FETCHING;
  }

  @Override
  public String reason() {
    Course now = adoption.course();
    return now == null || state() != LocalState.ROLLED_BACK
        ? null
        : "release %s: %s"
            .formatted(now.release().version(), refusals.of(now.hash()).orElse("refused"));
  }

  @Override
  public RolloutMessage rollout(RolloutMessage message) throws RefusedException {
    Optional<Document> newest = around.documents().held(DocumentType.RELEASE);
    if (newest.isEmpty() || !newest.get().hash().equals(message.release())) {
      throw new RefusedException("this peer has heard of another release");
    }
    Course now = adoption.follow(newest.get());
    now.merge(message);
    return now.message(depot.missing(now.release()).isEmpty());
  }

  @Override
  public BlobReceipt takeBlob(String sha256, long from, byte[] piece) throws RefusedException {
    Release newest =
        around
            .documents()
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
    return new ReleaseLines(around.documents(), around.releases(), refusals)
        .of(adoption.course(), around.kernel().trial().isPresent());
  }

  static String told(Exception e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the path alone.
      return file.getClass().getSimpleName().replace("Exception", ": ") + file.getMessage();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}

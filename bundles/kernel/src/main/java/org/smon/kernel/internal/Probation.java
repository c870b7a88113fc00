// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.smon.kernel.Candidate;
import org.smon.kernel.Complaint;
import org.smon.kernel.Order;

/** The time in which a set has to be well, and what it has to show (R23). Used once. */
final class Probation {
  private static final int LOOK_MILLIS = 100;

  /** What a set has to show that is up but for rounds of pings gets this much longer. */
  private static final int ROUNDS_MILLIS = 30_000;

  /** Bundles and components are up by then, also on a busy machine. */
  private static final int COMPONENTS_MILLIS = 12_000;

  /** The same where the whole process comes up. */
  private static final int PROCESS_MILLIS = 90_000;

  private static final Complaint NOBODY = Complaint.soFar("its upgrade bundle offers no candidate");

  private static final int REHEARSAL_BYTES = 64 << 10;

  private final BundleContext context;
  private final Components components;
  private final Path root;
  private final Memory memory;
  private final int start;
  private final int rounds;
  private boolean rehearsed;
  private boolean standsUp;

  private Probation(
      BundleContext context,
      Components components,
      Path root,
      Memory memory,
      int start,
      int rounds) {
    this.context = context;
    this.components = components;
    this.root = root;
    this.memory = memory;
    this.start = start;
    this.rounds = rounds;
  }

  /** Of a set that was swapped in. */
  static Probation ofSet(BundleContext context, Components components, Path root, Memory memory) {
    return new Probation(context, components, root, memory, COMPONENTS_MILLIS, ROUNDS_MILLIS);
  }

  /** Of a whole process that was started with it. */
  static Probation ofProcess(BundleContext context, Components components, Path root) {
    Memory memory = Memory.ofThisProcess();
    return new Probation(context, components, root, memory, PROCESS_MILLIS, PROCESS_MILLIS);
  }

  /**
   * Blocks until the set has proved itself.
   *
   * @param before components that were waiting before the swap
   */
  void require(Order order, Set<String> before) throws Refusal {
    long began = System.nanoTime();
    while (true) {
      memory.watch();
      List<Complaint> complaints = complaints(order, before);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      Optional<Complaint> last = complaints.stream().filter(Complaint::isFinal).findFirst();
      boolean over = millis > order.probationMillis() + (standsUp ? rounds : start);
      if (last.isPresent() || over && !complaints.isEmpty()) {
        throw new Refusal(last.orElseGet(() -> complaints.get(0)).text());
      }
      if (!memory.isSettled() && complaints.isEmpty() && millis > order.probationMillis() / 3) {
        memory.settle();
      }
      if (millis >= order.probationMillis() && complaints.isEmpty()) {
        memory.requireNoGrowth();
        return;
      }
      pause();
    }
  }

  /** A question that is not answered in time is a complaint too: the machine may be busy. */
  private List<Complaint> complaints(Order order, Set<String> before) {
    try {
      List<Complaint> own =
          Bounded.ask(
              "the component runtime's answer",
              order.patienceMillis(),
              () -> components.complaints(before));
      List<Complaint> all = own.isEmpty() ? ofCandidate(order) : own;
      standsUp = own.isEmpty() && !all.contains(NOBODY);
      if (all.isEmpty() && !rehearsed) {
        rehearse(order);
        rehearsed = true;
      }
      return all;
    } catch (Refusal e) {
      return List.of(Complaint.soFar(e.getMessage()));
    }
  }

  private List<Complaint> ofCandidate(Order order) throws Refusal {
    return withCandidate(
        List.of(NOBODY),
        candidate ->
            Bounded.ask(
                "its report of itself",
                order.patienceMillis(),
                () -> candidate.complaints(order.baseline())));
  }

  /** The bytes are nobody's but this trial's, so they cannot have come by another way. */
  private void rehearse(Order order) throws Refusal {
    byte[] bytes = new byte[REHEARSAL_BYTES];
    new SecureRandom().nextBytes(bytes);
    String hash = sha256(bytes);
    Path blob = root.resolve("blobs").resolve(hash);
    try {
      Files.write(blob, bytes);
      Path came =
          withCandidate(
              null,
              candidate ->
                  Bounded.ask(
                      "taking a further release",
                      order.patienceMillis(),
                      () -> candidate.rehearse(hash, bytes.length)));
      boolean same = came != null && MessageDigest.isEqual(bytes, Files.readAllBytes(came));
      if (came != null) {
        Files.deleteIfExists(came);
      }
      if (!same) {
        throw new Refusal("taking a further release failed: other bytes came");
      }
    } catch (IOException e) {
      throw new Refusal("taking a further release failed: " + e.getMessage());
    } finally {
      blob.toFile().delete();
    }
  }

  private interface Question<T> {
    T ask(Candidate candidate) throws Refusal;
  }

  private <T> T withCandidate(T none, Question<T> question) throws Refusal {
    ServiceReference<Candidate> reference = context.getServiceReference(Candidate.class);
    Candidate candidate = reference == null ? null : context.getService(reference);
    if (candidate == null) {
      return none;
    }
    try {
      return question.ask(candidate);
    } finally {
      context.ungetService(reference);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void pause() throws Refusal {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("the trial was interrupted");
    }
  }
}

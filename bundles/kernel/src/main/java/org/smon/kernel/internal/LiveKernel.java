// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.features.FeaturesService;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smon.kernel.Candidate;
import org.smon.kernel.Kernel;
import org.smon.kernel.Order;
import org.smon.kernel.Outcome;
import org.smon.kernel.internal.Journal.Installed;

/**
 * Swaps, watches, and takes back. One trial at a time, each on a thread of its own that nothing
 * which is swapped ever waits for.
 */
@Component(service = Kernel.class, immediate = true)
public final class LiveKernel implements Kernel {
  private static final Logger LOG = LoggerFactory.getLogger(LiveKernel.class);

  /** What the start script says of a process that is only to show that it comes up. */
  private static final String STANDBY = "smon.standby";

  /** What it says of one that runs a set on trial: the hash of its release. */
  private static final String TRIAL = "smon.trial";

  private static final int END_MILLIS = 20_000;
  private static final int WATCH_SECONDS = 30;

  /** For the set before to be up again. */
  private static final int BACK_MILLIS = 20_000;

  /** A set that a trial of was cut short so often is to blame itself. */
  private static final int TRIES = 2;

  private final Path root = Path.of(System.getProperty("smon.root"));
  private final Path karafHome = Path.of(System.getProperty("karaf.home"));
  private final Rebirth rebirth = new Rebirth(root, karafHome);
  private final Journal journal = new Journal(root);
  private final Handover handover = new Handover(root, karafHome, journal);
  private final BundleContext context;
  private final FeatureSwap swap;
  private final Components components;
  private final ScheduledExecutorService watching =
      Executors.newSingleThreadScheduledExecutor(LiveKernel::daemon);
  private Order trial;
  private Outcome untold;

  @Activate
  public LiveKernel(
      BundleContext context,
      @Reference FeaturesService features,
      @Reference ServiceComponentRuntime runtime)
      throws IOException {
    this.context = context;
    swap = new FeatureSwap(context, features);
    components = new Components(context, runtime);
    if (Boolean.getBoolean(STANDBY)) {
      Runtime.getRuntime().halt(0); // it came up as far as this, which was the question
    }
    recover();
    Watchdog watchdog = new Watchdog(nowMillis());
    watching.scheduleWithFixedDelay(
        () -> watch(watchdog), WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
  }

  /** The runtime stops; nothing else ends this. */
  @Deactivate
  public void stop() {
    watching.shutdownNow();
  }

  private void watch(Watchdog watchdog) {
    boolean candidate = context.getServiceReference(Candidate.class) != null;
    if (watchdog.bites(nowMillis(), candidate, trial().isPresent())) {
      LOG.error("this peer has no upgrade bundle any more; it ends, to be repaired by others");
      Runtime.getRuntime().halt(Rebirth.STATUS);
    }
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /**
   * The process before this one ended in the middle of a trial: either it gave way to this one, or
   * the trial was cut short and the installed set runs now.
   */
  private void recover() throws IOException {
    Optional<Order> left = journal.trial();
    if (left.isPresent() && left.get().release().equals(System.getProperty(TRIAL))) {
      trial = left.get();
      new Thread(() -> prove(trial), "smon-kernel").start();
    } else if (left.isPresent()) {
      String release = left.get().release();
      if (journal.tried(release) >= TRIES) {
        journal.refuse(release, "the peer's process ended while it was on trial, twice");
      } else {
        journal.abandon();
      }
    }
    untold = journal.untold().orElse(null);
  }

  @Override
  public synchronized void begin(Order order) throws IOException {
    if (trial != null) {
      throw new IllegalStateException("release " + trial.release() + " is on trial");
    }
    if (!journal.knows(order.release())) {
      throw new IllegalStateException("the manifest of release " + order.release() + " is missing");
    }
    Installed installed = journal.installed().orElseThrow();
    journal.begin(order);
    trial = order;
    new Thread(() -> run(order, installed), "smon-kernel").start();
  }

  @Override
  public synchronized Optional<Order> trial() {
    return Optional.ofNullable(trial);
  }

  /** Tells what is left to tell as soon as there is somebody to tell it to. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  synchronized void setCandidate(Candidate candidate) {
    if (trial == null) {
      tell(candidate);
    }
  }

  void unsetCandidate(Candidate candidate) {
    // It is looked up anew each time.
  }

  private void run(Order order, Installed installed) {
    LOG.info("release {} is on trial", order.release());
    HeapRoom room = HeapRoom.taken();
    try {
      runInRoom(order, installed);
    } finally {
      room.giveBack();
    }
  }

  private void runInRoom(Order order, Installed installed) {
    Memory memory = Memory.besideTheSetBefore();
    Set<String> before = components.waiting();
    Outcome outcome;
    try {
      if (handover.isNeeded(order, installed)) {
        handover.requireStandby(order);
        handover.begin(order);
        giveWay();
        return;
      }
      swap.to(journal.features(order.release()), order.patienceMillis());
      Probation.ofSet(context, components, root, memory).require(order, before);
      journal.adopt(new Installed(order.release(), journal.runtime(order.release())));
      forget(installed.release(), order.release());
      outcome = new Outcome(order.release(), null);
    } catch (HungException e) {
      startAgain(order, e.getMessage());
      return;
    } catch (Refusal | IOException | RuntimeException e) {
      outcome = takeBack(order, installed, FeatureSwap.told(e), memory, before);
    }
    LOG.info("release {}: {}", order.release(), outcome.adopted() ? "adopted" : outcome.reason());
    end(outcome);
  }

  /** What does not run any more is not shown any more, unless both have the same features. */
  private void forget(String release, String instead) throws IOException {
    String features = journal.features(release);
    if (!features.equals(journal.features(instead))) {
      swap.forget(features);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "smon-watchdog");
    thread.setDaemon(true);
    return thread;
  }

  /** Ends this process in good order, so that the one on trial can take its lock. */
  private void giveWay() {
    Thread guard =
        new Thread(
            () -> {
              try {
                Thread.sleep(END_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(0);
            },
            "smon-end");
    guard.setDaemon(true);
    guard.start();
    try {
      context.getBundle(Constants.SYSTEM_BUNDLE_ID).stop();
    } catch (BundleException e) {
      LOG.warn("the framework does not stop: {}", e.toString());
    }
  }

  /** This process is on trial as a whole; the script that started it starts the old one again. */
  private void prove(Order order) {
    try {
      Probation.ofProcess(context, components, root).require(order, Set.of());
      journal.adopt(new Installed(order.release(), journal.runtime(order.release())));
      end(new Outcome(order.release(), null));
    } catch (Refusal | IOException | RuntimeException e) {
      LOG.warn("release {} is taken back: {}", order.release(), e.getMessage());
      try {
        journal.refuse(order.release(), FeatureSwap.told(e));
      } catch (IOException full) {
        LOG.warn("that it was taken back cannot be kept: {}", full.getMessage());
      }
      Runtime.getRuntime().halt(Rebirth.STATUS);
    }
  }

  /** Back to the installed set, live if that works, else by another process. */
  private Outcome takeBack(
      Order order, Installed installed, String reason, Memory memory, Set<String> before) {
    LOG.warn("release {} is taken back: {}", order.release(), reason);
    try {
      if (memory.ranAway()) {
        swap.stopOurs(order.patienceMillis()); // Karaf takes memory itself before it stops anything
      }
      swap.to(journal.features(installed.release()), order.patienceMillis());
      forget(order.release(), installed.release());
      if (memory.isFull()) {
        throw new HungException("what it kept in memory is still there");
      }
      components.await(before, BACK_MILLIS);
      journal.refuse(order.release(), reason);
    } catch (Refusal | HungException e) {
      LOG.warn("the set before does not come back live: {}", e.getMessage());
      startAgain(order, reason);
    } catch (IOException e) {
      LOG.warn("that it was taken back cannot be kept: {}", e.getMessage());
    }
    return new Outcome(order.release(), reason);
  }

  private void startAgain(Order order, String reason) {
    try {
      journal.refuse(order.release(), reason);
    } catch (IOException e) {
      LOG.warn("that it was taken back cannot be kept: {}", e.getMessage());
    }
    rebirth.now();
  }

  private synchronized void end(Outcome outcome) {
    trial = null;
    untold = outcome;
    var reference = context.getServiceReference(Candidate.class);
    if (reference != null) {
      Candidate candidate = context.getService(reference);
      if (candidate != null) {
        tell(candidate);
      }
      context.ungetService(reference);
    }
  }

  private void tell(Candidate candidate) {
    if (untold == null) {
      return;
    }
    try {
      candidate.told(untold);
      untold = null;
      journal.told();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the end of a trial cannot be told: {}", e.toString());
    }
  }
}

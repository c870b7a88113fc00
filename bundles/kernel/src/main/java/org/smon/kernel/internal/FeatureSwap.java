// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.karaf.features.BundleInfo;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.Repository;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Has Karaf's FeaturesService put one set in the place of another, and watches that it does not
 * hang: an activation that never returns holds up the thread that Karaf starts bundles on.
 */
final class FeatureSwap {
  private static final String REPOSITORY = "mvn:org.smon/smon-features/%s/xml/features";

  /** Only these may be refreshed: what lies below them is the runtime's. */
  private static final String OURS = "org.smon.";

  /** Ours, but of the runtime. */
  private static final Set<String> FIXED = Set.of("org.smon.kernel", "org.smon.repository");

  private static final Set<String> NAMES = Set.of("smon-peer", "smon-shell");
  private static final String KARAF_THREAD = "features-";
  private static final int LOOK_MILLIS = 50;
  private static final int LAST_MILLIS = 2_000;

  private final BundleContext context;
  private final FeaturesService features;

  FeatureSwap(BundleContext context, FeaturesService features) {
    this.context = context;
    this.features = features;
  }

  /**
   * Blocks until the features of this version run in the place of those that did.
   *
   * @throws Refusal in one line if they cannot be installed; some of their bundles may be
   * @throws HungException if it does not come to an end
   */
  void to(String version, long patienceMillis) throws Refusal, HungException {
    URI uri = URI.create(REPOSITORY.formatted(version));
    Set<String> wanted;
    try {
      features.addRepository(uri);
      Repository repository = features.getRepository(uri);
      requireAboveRuntime(repository);
      wanted = wanted(repository);
    } catch (Refusal e) {
      throw e;
    } catch (Exception e) { // FeaturesService declares no narrower one
      throw new Refusal("its features cannot be read: " + told(e));
    }
    install(wanted, patienceMillis);
  }

  /** Stops all of ours that can be swapped, the highest first; {@link #to} starts them again. */
  void stopOurs(long patienceMillis) throws Refusal {
    List<Bundle> ours = new ArrayList<>(Arrays.asList(context.getBundles()));
    ours.removeIf(bundle -> !isSwapped(bundle));
    ours.sort(Comparator.comparing(FeatureSwap::startLevel).reversed());
    Bounded.ask(
        "stopping its bundles",
        patienceMillis,
        () -> {
          for (Bundle bundle : ours) {
            bundle.stop(Bundle.STOP_TRANSIENT);
          }
          return null;
        });
  }

  private static int startLevel(Bundle bundle) {
    return bundle.adapt(BundleStartLevel.class).getStartLevel();
  }

  private static boolean isSwapped(Bundle bundle) {
    String name = String.valueOf(bundle.getSymbolicName());
    return name.startsWith(OURS) && !FIXED.contains(name);
  }

  /** The shell no longer shows what is not here to be installed. */
  void forget(String version) {
    try {
      features.removeRepository(URI.create(REPOSITORY.formatted(version)));
    } catch (Exception e) {
      return; // it is only shown in vain
    }
  }

  private static Set<String> wanted(Repository repository) throws Exception {
    Set<String> wanted = new TreeSet<>();
    for (Feature feature : repository.getFeatures()) {
      if (NAMES.contains(feature.getName())) {
        wanted.add(feature.getName() + "/" + feature.getVersion());
      }
    }
    if (wanted.size() != NAMES.size()) {
      throw new Refusal("its features repository lacks one of " + new TreeSet<>(NAMES));
    }
    return wanted;
  }

  /** The refresh closure, before anything is touched (R24). */
  private void requireAboveRuntime(Repository repository) throws Exception {
    List<Bundle> leaving = leaving(repository);
    FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
    for (Bundle bundle : wiring.getDependencyClosure(leaving)) {
      if (!isSwapped(bundle)) {
        throw new Refusal(
            "it would refresh "
                + bundle.getSymbolicName()
                + " of the runtime, which takes a release with a new runtime");
      }
    }
  }

  private List<Bundle> leaving(Repository repository) throws Exception {
    Set<String> staying = new LinkedHashSet<>();
    for (Feature feature : repository.getFeatures()) {
      for (BundleInfo bundle : feature.getBundles()) {
        staying.add(bundle.getLocation());
      }
    }
    List<Bundle> leaving = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      String name = String.valueOf(bundle.getSymbolicName());
      if (isSwapped(bundle) && !staying.contains(location(name, bundle.getVersion()))) {
        leaving.add(bundle);
      }
    }
    return leaving;
  }

  /** Of bundle org.smon.gossip 1.0.0, whatever it was updated from. */
  private static String location(String name, Version version) {
    return "mvn:org.smon/smon-" + name.substring(OURS.length()) + "/" + version;
  }

  private void install(Set<String> wanted, long patienceMillis) throws Refusal, HungException {
    AtomicLong moved = new AtomicLong(System.nanoTime());
    BundleListener progress = event -> moved.set(System.nanoTime());
    Exception[] failure = new Exception[1];
    Thread worker =
        new Thread(
            () -> {
              try {
                features.installFeatures(wanted, EnumSet.of(FeaturesService.Option.Upgrade));
              } catch (Exception e) { // FeaturesService declares no narrower one
                failure[0] = e;
              }
            },
            "smon-swap");
    worker.setDaemon(true);
    context.addBundleListener(progress);
    try {
      worker.start();
      await(worker, moved, patienceMillis);
    } finally {
      context.removeBundleListener(progress);
    }
    if (failure[0] != null) {
      throw new Refusal(told(failure[0]));
    }
  }

  private static void await(Thread worker, AtomicLong moved, long patienceMillis)
      throws Refusal, HungException {
    Standstill standstill = new Standstill(KARAF_THREAD);
    boolean interrupted = false;
    while (join(worker, LOOK_MILLIS)) {
      if (!standstill.lasts(moved.get(), interrupted ? LAST_MILLIS : patienceMillis)) {
        continue;
      }
      if (interrupted) {
        throw new HungException("a bundle's activation hangs and cannot be interrupted");
      }
      standstill.interrupt();
      interrupted = true;
      moved.set(System.nanoTime());
    }
    if (interrupted) {
      throw new Refusal("a bundle's activation hung for " + patienceMillis + " ms");
    }
  }

  /** True if it still runs. */
  private static boolean join(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return thread.isAlive();
  }

  static String told(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String first = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return Arrays.stream(first.split("\n")).findFirst().orElse(first);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.smon.client.ReleaseSource;
import org.smon.client.demo.MadeReleases;
import org.smon.kernel.Kernel;
import org.smon.kernel.Order;

/**
 * The kernel swaps the set that runs around these very tests, which are in the same container, and
 * takes it back (R18, R23). Any order will do: each starts from whatever is adopted by then.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapIT {
  private static final List<String> CHANGED = List.of("core", "gossip", "shell", "upgrade");
  private static final int PATIENCE_SECONDS = 120;

  @Inject private SessionFactory sessions;
  @Inject private BundleContext context;
  @Inject private Kernel kernel;

  @Configuration
  public Option[] withReleasesToCome() throws IOException {
    PreparedRoot root = PreparedRoot.make();
    Map<String, String> told = new TreeMap<>();
    for (String version : List.of("1.0.1", "1.0.2", "1.0.3")) {
      ReleaseSource next = MadeReleases.after(root.release(), root.blobs(), version);
      told.put("smon.exam." + version, root.stage(next));
      told.put("smon.exam.like-" + version, root.sameFiles(next.release(), "like-" + version));
    }
    told.put(
        "smon.exam.1.0.4",
        root.stage(MadeReleases.broken(root.release(), root.blobs(), "1.0.4", "throws")));
    told.put("smon.exam.upgrades", Integer.toString(Integer.getInteger("smon.upgrades", 6)));
    told.put("smon.exam.footprint", Path.of("target/upgrade-footprint.txt").toAbsolutePath() + "");
    return ExamOptions.of(root, told);
  }

  @Test
  public void gossipCoreShellAndTheUpgraderItselfAreSwappedLive() throws Exception {
    adopt("1.0.1");
    String installed = installed();
    Map<String, Long> others = modified();
    Map<String, Long> before = changed(others);

    adopt("1.0.2");
    assertEquals(release("1.0.2"), installed());
    assertEquals(installed, word("previous"));
    Map<String, Long> now = modified();
    for (Map.Entry<String, Long> bundle : changed(now).entrySet()) {
      assertEquals("1.0.2, active", versions().get(bundle.getKey()));
      assertNotEquals(bundle.getKey(), before.get(bundle.getKey()), bundle.getValue());
    }
    assertEquals("nobody else's bundle was touched", others, now);
    new ExamShell(sessions).awaitOutput("smon:status", "release 1.0.2 came live");
    assertTrue(new ExamShell(sessions).run("smon:status").contains("1 of 1 online"));
  }

  @Test
  public void aNewerReleaseOfTheSameFilesIsAdoptedWithoutASwapAndTheNextOneFollows()
      throws Exception {
    adopt("1.0.1");
    Map<String, Long> modified = modified();
    adopt("like-1.0.1");
    assertEquals(modified, modified());
    new ExamShell(sessions).awaitOutput("feature:list -i --no-format", "smon-1.0.1");
    adopt("1.0.3");
    new ExamShell(sessions).awaitOutput("smon:status", "release 1.0.3 came live");
  }

  @Test
  public void anActivationThatThrowsIsTakenBackAndRemembered() throws Exception {
    Map<String, String> versions = versions();
    String installed = installed();
    String previous = word("previous");

    begin("1.0.4");
    await("what runs is told", () -> word("outcome").isEmpty());
    assertEquals(installed, installed());
    assertEquals(previous, word("previous"));
    assertEquals(versions, versions());
    assertRemembered("1.0.4", "failed: ");
    new ExamShell(sessions).awaitOutput("smon:status", "1 of 1 online");
  }

  @Test
  public void aSwapThatWouldRefreshTheRuntimeIsRefusedBeforeAnythingIsTouched() throws Exception {
    Bundle dependent = dependent("org.smon.core");
    try {
      Map<String, Long> modified = modified();
      String installed = installed();
      begin("1.0.3");
      await("what runs is told", () -> word("outcome").isEmpty());
      assertEquals(modified, modified());
      assertEquals(installed, installed());
      assertRemembered("1.0.3", "would refresh runtime.dependent of the runtime");
    } finally {
      dependent.uninstall();
      context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(dependent));
    }
  }

  /** Less than one more set of the bundles that are swapped keeps. */
  @Test
  public void manyUpgradesUpAndDownLeaveNoClassesThreadsOrMemoryBehind() throws Exception {
    int upgrades = Integer.getInteger("smon.exam.upgrades");
    adopt("1.0.1", 1);
    adopt("1.0.2", 1);
    Footprint before = Footprint.settled();
    for (int i = 0; i < upgrades; i++) {
      adopt(i % 2 == 0 ? "1.0.1" : "1.0.2", 1);
    }
    Footprint[] after = {Footprint.settled()};
    String told = "%d upgrades: before %s, after %s".formatted(upgrades, before, after[0]);
    Files.writeString(Path.of(System.getProperty("smon.exam.footprint")), told + "\n");
    await(
        told,
        () -> {
          after[0] = Footprint.settled();
          return after[0].classes() < before.classes() + 400
              && after[0].threads() < before.threads() + 5
              && after[0].heapBytes() < before.heapBytes() + (3 << 20);
        });
  }

  private record Footprint(int classes, int threads, long heapBytes) {
    static Footprint settled() {
      System.gc();
      System.gc(); // what the first one found unreachable may have kept classes
      return new Footprint(
          ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    @Override
    public String toString() {
      return "%d classes, %d threads, %.1f MB".formatted(classes, threads, heapBytes / 1e6);
    }
  }

  private void adopt(String version) throws IOException {
    adopt(version, 2_000);
  }

  private void adopt(String version, int probationMillis) throws IOException {
    begin(version, probationMillis);
    assertEquals("refused: " + word("refused"), release(version), installed());
    await("what runs is told", () -> word("outcome").isEmpty());
  }

  private void begin(String version) throws IOException {
    begin(version, 2_000);
  }

  /** Blocks until its trial is over. */
  private void begin(String version, int probationMillis) throws IOException {
    kernel.begin(new Order(release(version), probationMillis, 30_000, ""));
    assertTrue(kernel.trial().isPresent());
    await("the end of the trial of " + version, () -> kernel.trial().isEmpty());
    assertFalse(Files.exists(state("trial")));
    assertFalse(Files.exists(state("tried")));
  }

  private void assertRemembered(String version, String reason) throws IOException {
    String refused = Files.readString(state("refused"));
    assertTrue(
        refused,
        refused
            .lines()
            .anyMatch(line -> line.startsWith(release(version)) && line.contains(reason)));
  }

  private static String release(String version) {
    return System.getProperty("smon.exam." + version);
  }

  private static Path state(String name) {
    return Path.of(System.getProperty("smon.root"), "state", name);
  }

  private static String installed() {
    return word("installed");
  }

  /** The first of a file of the journal, or an empty one. */
  private static String word(String name) {
    try {
      return Files.exists(state(name)) ? Files.readString(state(name)).split("\\s+")[0] : "";
    } catch (IOException e) {
      return "";
    }
  }

  private interface Of<T> {
    T bundle(Bundle bundle);
  }

  private <T> Map<String, T> each(Of<T> what) {
    Map<String, T> found = new TreeMap<>();
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getSymbolicName().startsWith("org.smon.")) {
        found.put(bundle.getSymbolicName(), what.bundle(bundle));
      }
    }
    return found;
  }

  private Map<String, Long> modified() {
    return each(Bundle::getLastModified);
  }

  private Map<String, String> versions() {
    return each(
        bundle ->
            bundle.getVersion() + (bundle.getState() == Bundle.ACTIVE ? ", active" : ", down"));
  }

  /** Takes what a release changes out of the others. */
  private static Map<String, Long> changed(Map<String, Long> all) {
    Map<String, Long> changed = new TreeMap<>();
    CHANGED.forEach(name -> changed.put("org.smon." + name, all.remove("org.smon." + name)));
    return changed;
  }

  /** A bundle that is not ours, wired to one of ours that the next release changes. */
  private Bundle dependent(String imported) throws IOException, BundleException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "runtime.dependent");
    main.putValue("Import-Package", imported);
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new JarOutputStream(jar, manifest).close();
    Bundle bundle =
        context.installBundle("test:dependent", new ByteArrayInputStream(jar.toByteArray()));
    bundle.start();
    return bundle;
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(what, System.nanoTime() < deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}

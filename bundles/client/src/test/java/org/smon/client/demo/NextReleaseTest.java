// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.smon.api.Hashes;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.client.FailedException;
import org.smon.client.demo.faults.Hanging;
import org.smon.client.demo.faults.Leaking;
import org.smon.client.demo.faults.Mute;
import org.smon.client.demo.faults.Throwing;
import org.smon.store.FileBlobs;

/** The demo's next release is a real one: what it changes is new by version, path and URL. */
class NextReleaseTest {
  private static final String GOSSIP_PEER = "OSGI-INF/org.smon.gossip.GossipPeer.xml";
  private static final String UPGRADE_PEER = "OSGI-INF/org.smon.upgrade.UpgradePeer.xml";

  @TempDir private Path directory;
  private FileBlobs blobs;
  private final List<Blob> listed = new ArrayList<>();
  private Release before;

  @BeforeEach
  void makeRelease() throws IOException {
    blobs = new FileBlobs(directory.resolve("blobs"));
    add("smon-api", jar(null, "org/smon/api/Blobs.class"));
    add("smon-core", jar(null, "org/smon/core/PeerCore.class"));
    add("smon-gossip", jar(GOSSIP_PEER, "org/smon/gossip/GossipPeer.class"));
    add("smon-shell", jar(null, "org/smon/shell/NEWS"));
    add("smon-upgrade", jar(UPGRADE_PEER, "org/smon/upgrade/UpgradePeer.class"));
    add(
        "org/smon/smon-features/1.0.9/smon-features-1.0.9-features.xml",
        """
        <features name="smon-1.0.9">
          <feature name="smon-cxf" version="3.6.9"><bundle>mvn:org.smon/smon-api/1.0.0</bundle></feature>
          <feature name="smon-peer" version="1.0.9" description="A peer">
            <bundle start-level="60">mvn:org.smon/smon-core/1.0.0</bundle>
            <bundle start-level="75">mvn:org.smon/smon-gossip/1.0.0</bundle>
            <bundle>mvn:org.smon/smon-upgrade/1.0.0</bundle>
          </feature>
          <feature name="smon-shell" version="1.0.9"><bundle>mvn:org.smon/smon-shell/1.0.0</bundle></feature>
        </features>
        """
            .getBytes(StandardCharsets.UTF_8));
    before = new Release("1.0.9", 1, 1, listed);
  }

  private void add(String artifact, byte[] content) throws IOException {
    String path =
        artifact.contains("/")
            ? artifact
            : "org/smon/%s/1.0.0/%s-1.0.0.jar".formatted(artifact, artifact);
    blobs.store(Hashes.of(content), new ByteArrayInputStream(content));
    listed.add(new Blob(Hashes.of(content), content.length, Kind.BUNDLE, path));
  }

  /** With one entry, and a component if one is named. */
  private static byte[] jar(String component, String entry) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Export-Package", "org.smon.x;version=\"1.0.0\"");
    main.putValue("Import-Package", "org.smon.api;version=\"[1.0,2)\"");
    Map<String, byte[]> entries = new LinkedHashMap<>();
    if (component != null) {
      main.putValue("Service-Component", component + ",OSGI-INF/other.xml");
      entries.put(component, new byte[] {1});
      entries.put("OSGI-INF/other.xml", new byte[] {2});
    }
    entries.put(entry, new byte[] {3});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      manifest.write(zip);
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue());
      }
    }
    return out.toByteArray();
  }

  private NextRelease next(Fault fault) throws IOException {
    return new NextRelease(before, blobs, "1.0.10", fault);
  }

  private static Map<String, byte[]> entries(NextRelease release, String artifact)
      throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    byte[] jar = content(release, "/" + artifact + "-1.0.10.jar");
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] content(NextRelease release, String ending) throws IOException {
    Blob found =
        release.release().blobs().stream()
            .filter(blob -> blob.path().endsWith(ending))
            .findFirst()
            .orElseThrow();
    byte[] content = release.open(found).orElseThrow().readAllBytes();
    assertEquals(found.sha256(), Hashes.of(content));
    assertEquals(found.size(), content.length);
    return content;
  }

  private static Attributes manifest(NextRelease release, String artifact) throws IOException {
    byte[] text = entries(release, artifact).get("META-INF/MANIFEST.MF");
    return new Manifest(new ByteArrayInputStream(text)).getMainAttributes();
  }

  @Test
  void fourBundlesAndTheRepositoryAreNewAndAllElseIsTheSame() throws IOException {
    NextRelease next = next(null);
    assertEquals(
        List.of("smon-core", "smon-gossip", "smon-shell", "smon-upgrade"), next.rewritten());
    assertEquals("1.0.10", next.release().version());
    assertEquals("1.0.10", next.release().featuresVersion().orElseThrow());
    assertEquals(before.blobs().get(0), next.release().blobs().get(0));
    assertTrue(next.open(before.blobs().get(0)).isEmpty());
    Attributes gossip = manifest(next, "smon-gossip");
    assertEquals("1.0.10", gossip.getValue("Bundle-Version"));
    assertEquals("org.smon.x;version=\"1.0.0\"", gossip.getValue("Export-Package"));
    assertArrayEquals(new byte[] {1}, entries(next, "smon-gossip").get(GOSSIP_PEER));
  }

  @Test
  void theRepositoryNamesTheNewBundlesAndItsFeaturesByTheNewVersion() throws IOException {
    String xml = new String(content(next(null), "-features.xml"), StandardCharsets.UTF_8);
    assertEquals(
        """
        <features name="smon-1.0.10">
          <feature name="smon-cxf" version="3.6.9"><bundle>mvn:org.smon/smon-api/1.0.0</bundle></feature>
          <feature name="smon-peer" version="1.0.10" description="A peer">
            <bundle start-level="60">mvn:org.smon/smon-core/1.0.10</bundle>
            <bundle start-level="75">mvn:org.smon/smon-gossip/1.0.10</bundle>
            <bundle>mvn:org.smon/smon-upgrade/1.0.10</bundle>
          </feature>
          <feature name="smon-shell" version="1.0.10"><bundle>mvn:org.smon/smon-shell/1.0.10</bundle></feature>
        </features>
        """,
        xml);
  }

  @Test
  void theShellHasOtherNews() throws IOException {
    String news = new String(entries(next(null), "smon-shell").get("org/smon/shell/NEWS"));
    assertTrue(news.startsWith("release 1.0.10 "), news);
  }

  @Test
  void theSameChangesAreTheSameBytes() throws IOException {
    assertEquals(next(null).release(), next(null).release());
    assertEquals(next(Fault.mute).release(), next(Fault.mute).release());
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aFaultIsInOneBundleAlone(Fault fault) throws IOException {
    List<Blob> good = next(null).release().blobs();
    List<Blob> other = new ArrayList<>(next(fault).release().blobs());
    other.removeAll(good);
    assertEquals(1, other.size());
    assertTrue(other.get(0).path().contains(fault.artifact()), other::toString);
  }

  @Test
  void aBrokenComponentStartsWithItsBundle() throws IOException {
    for (Map.Entry<Fault, Class<?>> each :
        Map.of(
                Fault.throwing, Throwing.class,
                Fault.hanging, Hanging.class,
                Fault.leaking, Leaking.class,
                Fault.mute, Mute.class)
            .entrySet()) {
      NextRelease next = next(each.getKey());
      String name = each.getValue().getName();
      Map<String, byte[]> entries = entries(next, "smon-gossip");
      assertTrue(entries.containsKey(name.replace('.', '/') + ".class"), name);
      String descriptor = new String(entries.get("OSGI-INF/" + name + ".xml"));
      assertTrue(descriptor.contains("immediate=\"true\""), descriptor);
      assertTrue(descriptor.contains("<implementation class=\"" + name + "\"/>"), descriptor);
      List<String> components =
          List.of(manifest(next, "smon-gossip").getValue("Service-Component").split(","));
      assertTrue(components.contains("OSGI-INF/" + name + ".xml"), components::toString);
      assertEquals(each.getKey() != Fault.mute, components.contains(GOSSIP_PEER));
    }
  }

  @Test
  void theMutePeerIsTheOnlyOneInItsBundle() throws IOException {
    Map<String, byte[]> entries = entries(next(Fault.mute), "smon-gossip");
    assertFalse(entries.containsKey(GOSSIP_PEER));
    String descriptor = new String(entries.get("OSGI-INF/" + Mute.class.getName() + ".xml"));
    assertTrue(descriptor.contains("<provide interface=\"org.smon.wire.PeerApi\"/>"), descriptor);
  }

  @Test
  void theStuckUpdaterHasNoComponentAndTheUnresolvedBundleAnImportThatNobodyHas()
      throws IOException {
    NextRelease stuck = next(Fault.stuck);
    assertEquals(
        "OSGI-INF/other.xml", manifest(stuck, "smon-upgrade").getValue("Service-Component"));
    assertFalse(entries(stuck, "smon-upgrade").containsKey(UPGRADE_PEER));
    assertEquals(
        "org.smon.api;version=\"[1.0,2)\",org.smon.nowhere;version=\"[1.0,2)\"",
        manifest(next(Fault.unresolved), "smon-core").getValue("Import-Package"));
  }

  @Test
  void whatCannotBeBrokenIsNamed() {
    before =
        new Release(
            "1.0.9",
            1,
            1,
            before.blobs().stream().filter(b -> !b.path().contains("upgrade")).toList());
    FailedException failed = assertThrows(FailedException.class, () -> next(Fault.stuck));
    assertTrue(failed.getMessage().contains("smon-upgrade"), failed::getMessage);
  }

  @Test
  void theThrowingOneThrowsAndTheLeakingOneEnds() {
    assertThrows(IllegalStateException.class, () -> new Throwing().activate());
    Leaking leaking = new Leaking();
    leaking.activate();
    Thread thread = thread("leak");
    leaking.deactivate();
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        java.time.Duration.ofSeconds(10), () -> thread.join());
  }

  private static Thread thread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theHangingOneOutlastsAnInterrupt() {
    Thread thread = new Thread(() -> new Hanging().activate(), "hang");
    thread.setDaemon(true);
    thread.start();
    thread.interrupt();
    while (thread.isInterrupted()) {
      Thread.onSpinWait(); // until it has swallowed it
    }
    assertTrue(thread.isAlive());
  }

  @ParameterizedTest
  @CsvSource({"1.0.0,1.0.1", "1.0.9,1.0.10", "2.3.7,2.3.8", "1.0,1.0.1", "7-rc1,7-rc1.1"})
  void theNextVersionIsAMicroStepAbove(String version, String above) {
    assertEquals(above, NextRelease.above(version));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;

class VerifyPackageTest {
  private final Signed ours = new Signed();
  private final Document release =
      ours.signed(
          Document.first(
              DocumentType.RELEASE, ours.genesis.hash(), Signed.RELEASE_BODY, Signed.NOW));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path directory;
  private String settings;

  @BeforeEach
  void saveSettings() throws IOException {
    settings = file("settings", ours.genesis.text());
  }

  @Test
  void aReleaseOfOurOperatorPassesAndShowsItsManifest() throws Exception {
    String file = file("release", release.text());
    assertEquals(0, run(settings, file));
    out.reset();
    assertEquals(0, run("manifest", settings, file));
    assertEquals(Signed.RELEASE_BODY, out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aReleaseAlteredAtAnyByteIsRefusedWithOneLine() throws Exception {
    byte[] whole = release.text().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < whole.length; i++) {
      byte[] altered = whole.clone();
      altered[i] ^= 1;
      Path file = Files.write(directory.resolve("release"), altered);
      assertRefused(i, settings, file.toString());
    }
  }

  @Test
  void aReleaseCutAnywhereIsRefusedWithOneLine() throws Exception {
    byte[] whole = release.text().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length - 1; length++) {
      Path file = directory.resolve("release");
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertRefused(length, settings, file.toString());
    }
  }

  @Test
  void aReleaseOfAnotherOperatorOrOverlayIsRefused() throws Exception {
    Signed theirs = new Signed();
    Document body =
        Document.first(DocumentType.RELEASE, ours.genesis.hash(), Signed.RELEASE_BODY, Signed.NOW);
    assertRefused(1, settings, file("release", Signed.by(theirs.operator, body).text()));
    Document foreign =
        theirs.signed(
            Document.first(
                DocumentType.RELEASE, theirs.genesis.hash(), Signed.RELEASE_BODY, Signed.NOW));
    assertRefused(2, settings, file("release", foreign.text()));
    assertRefused(3, settings, settings);
    assertRefused(4, settings, directory.resolve("absent").toString());
  }

  @Test
  void aDocumentIsNewerKnownOrOlder() throws Exception {
    String first = file("first", release.text());
    Document later = ours.signed(release.next(Signed.RELEASE_BODY, Signed.NOW));
    String second = file("second", later.text());
    assertEquals(0, run("document", settings, "-", first));
    assertEquals(0, run("document", settings, first, second));
    assertEquals(2, run("document", settings, first, first));
    assertEquals(2, run("document", settings, second, first));
    assertEquals("newer\nnewer\nknown\nolder\n", out.toString(StandardCharsets.UTF_8));
    assertRefused(0, "document", settings, settings, first);
  }

  @Test
  void aDocumentOfATypeThatALaterReleaseBringsIsNeitherTakenNorRefused() throws Exception {
    String later = file("later", release.text().replace("type release", "type moon-phase"));
    assertEquals(3, run("document", settings, "-", later));
    assertRefused(0, "document", settings, "-", file("odd", release.text().replace("type r", "R")));
  }

  @Test
  void anEntryOfAJarIsWrittenToAFile() throws Exception {
    Path jar = directory.resolve("a.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("org/smon/stage0.sh"));
      zip.write("echo hello\n".getBytes(StandardCharsets.US_ASCII));
    }
    Path file = directory.resolve("out");
    assertEquals(0, run("entry", jar.toString(), "org/smon/stage0.sh", file.toString()));
    assertEquals("echo hello\n", Files.readString(file));
    assertRefused(0, "entry", jar.toString(), "absent", file.toString());
    assertRefused(1, "entry", settings, "org/smon/stage0.sh", file.toString());
  }

  @Test
  void aKeyFileTellsItsId() throws Exception {
    OverlayKey key = OverlayKey.generate();
    key.save(directory.resolve("overlay"));
    assertEquals(0, run("key-id", directory.resolve("overlay").toString()));
    assertEquals(key.keyId() + "\n", out.toString(StandardCharsets.UTF_8));
    assertRefused(0, "key-id", settings);
  }

  @Test
  void wrongUseIsToldInOneLine() {
    assertRefused(0);
    assertRefused(1, "what");
  }

  private void assertRefused(int at, String... args) {
    err.reset();
    assertEquals(1, run(args), "at " + at);
    assertEquals(1, err.toString(StandardCharsets.UTF_8).lines().count());
    assertTrue(out.size() < 100);
  }

  private int run(String... args) {
    return VerifyPackage.run(args, new PrintStream(out), new PrintStream(err));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }
}

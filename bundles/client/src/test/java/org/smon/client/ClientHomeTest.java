// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Hashes;
import org.smon.api.Machine;
import org.smon.api.MachineList;

class ClientHomeTest {
  private static final NewOverlay LAB = new NewOverlay("lab", 7600, "op");

  @TempDir private Path directory;

  @Test
  void keysAreForTheirOwnerAlone() throws IOException {
    ClientHome home = ClientHome.create(directory.resolve("a home"), LAB);
    AgentIdentity.of(home);
    for (String key :
        List.of(
            "keys/" + home.channel().keyId(),
            "operator.key",
            "agent/tls.key",
            "agent/enrolment.key")) {
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(home.directory().resolve(key)),
          key);
    }
    assertEquals(
        PosixFilePermissions.fromString("rwx------"),
        Files.getPosixFilePermissions(home.directory()));
  }

  @Test
  void whatIsThereIsNeverOverwritten() throws IOException {
    Path there = directory.resolve("home");
    String id = ClientHome.create(there, LAB).documents().overlayId();
    assertThrows(FailedException.class, () -> ClientHome.create(there, LAB));
    assertEquals(id, ClientHome.open(there).documents().overlayId());
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.writeString(other.resolve("mine"), "x");
    assertThrows(FailedException.class, () -> ClientHome.create(other, LAB));
    assertEquals("x", Files.readString(other.resolve("mine")));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(2, left.count(), "nothing half-made stays");
    }
  }

  @Test
  void everySignedChangeIsTheNextVersionAndNoChangeIsNone() throws IOException {
    Path there = directory.resolve("home");
    ClientHome home = ClientHome.create(there, LAB);
    String body =
        new MachineList(List.of(new Machine("a", null, 22, null, List.of())), List.of()).body();
    Document first = home.sign(DocumentType.LIST, body);
    assertEquals(first, home.sign(DocumentType.LIST, body));
    assertEquals(2, home.sign(DocumentType.LIST, MachineList.EMPTY.body()).counter());
    ClientHome again = ClientHome.open(there);
    assertEquals(2, again.documents().held(DocumentType.LIST).orElseThrow().counter());
    assertTrue(again.documents().livetag().value());
  }

  @Test
  void twoCommandsOfOneHomeDoNotSignUponOneVersion() throws IOException {
    Path there = directory.resolve("home");
    ClientHome one = ClientHome.create(there, LAB);
    ClientHome other = ClientHome.open(there);
    String body = new MachineList(List.of(Machine.parse("a")), List.of()).body();
    Document first = one.sign(DocumentType.LIST, body);
    OlderException refused =
        assertThrows(
            OlderException.class, () -> other.sign(DocumentType.LIST, MachineList.EMPTY.body()));
    assertTrue(refused.getMessage().contains("run this one again"), refused::getMessage);
    assertEquals(first, other.documents().held(DocumentType.LIST).orElseThrow());
    assertEquals(2, other.sign(DocumentType.LIST, MachineList.EMPTY.body()).counter());
  }

  @Test
  void theReleaseOfAnOverlayStaysWhenTheDistributionIsBuiltAnew() throws IOException {
    Path built = Files.createDirectories(directory.resolve("release"));
    writeRelease(built, "one");
    ClientHome home = ClientHome.create(directory.resolve("home"), LAB);
    assertFalse(home.documents().release().isPresent());
    Document signed = home.release(new Distribution(built));
    writeRelease(built, "two");
    assertEquals(signed, home.release(new Distribution(built)));
    Path kept = home.blobs().find(Hashes.of("one")).orElseThrow();
    assertEquals("one", Files.readString(kept));
  }

  @Test
  void anAlteredFileOfTheDistributionIsNotSigned() throws IOException {
    Path built = Files.createDirectories(directory.resolve("release"));
    writeRelease(built, "one");
    Files.writeString(built.resolve("file.jar"), "changed");
    ClientHome home = ClientHome.create(directory.resolve("home"), LAB);
    assertThrows(IOException.class, () -> home.release(new Distribution(built)));
    assertFalse(home.documents().release().isPresent());
  }

  private static void writeRelease(Path directory, String content) throws IOException {
    Files.writeString(directory.resolve("file.jar"), content);
    Files.writeString(
        directory.resolve("manifest"),
        "version 1.0.0\nwire 1 1\nblob %s %d bundle file.jar\n"
            .formatted(Hashes.of(content), content.length()));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.InvalidInputException;

class OverlayKeyTest {
  @TempDir Path directory;

  @Test
  void hkdfAgreesWithTheRfcVector() {
    byte[] extracted =
        Hkdf.extract(
            HexFormat.of().parseHex("000102030405060708090a0b0c"),
            HexFormat.of().parseHex("0b".repeat(22)));
    assertEquals(
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        HexFormat.of().formatHex(extracted));
    assertEquals(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        HexFormat.of()
            .formatHex(Hkdf.expand(extracted, HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9"))));
  }

  @Test
  void aKeyReadsBackFromAFileForItsOwnerAlone() throws Exception {
    Path file = directory.resolve("with a space").resolve("overlay");
    Files.createDirectories(file.getParent());
    OverlayKey key = OverlayKey.generate();
    key.save(file);
    assertArrayEquals(key.bytes(), OverlayKey.load(file).bytes());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(Files.readString(file).matches("[0-9a-f]{64}\n"));
  }

  @Test
  void itsIdTellsKeysApartAndDoesNotTellThem() {
    OverlayKey key = OverlayKey.generate();
    assertEquals(key.keyId(), OverlayKey.of(key.bytes()).keyId());
    assertNotEquals(key.keyId(), OverlayKey.generate().keyId());
    assertNotEquals(key.keyId(), HexFormat.of().formatHex(key.bytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "zz", "\u00e9"})
  void aDamagedFileIsNamed(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("overlay"), content);
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> OverlayKey.load(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  @Test
  void aSigningKeyReadsBackWithItsPublicHalf() throws Exception {
    Path file = directory.resolve("operator");
    SigningKey key = SigningKey.generate();
    key.save(file);
    SigningKey read = SigningKey.load(file);
    assertEquals(key.publicText(), read.publicText());
    assertArrayEquals(key.privateKey().getEncoded(), read.privateKey().getEncoded());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aDamagedSigningKeyIsNamed() throws Exception {
    Path file = directory.resolve("operator");
    SigningKey.generate().save(file);
    Files.writeString(file, Files.readString(file).replace("M", "?").substring(3));
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> SigningKey.load(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }
}

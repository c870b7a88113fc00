// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.smon.api.InvalidInputException;

/**
 * K_E, the symmetric key that peers, agents and client of one overlay share (R35): 32 random bytes;
 * in files 64 hex digits and a newline, mode 0600. Immutable.
 */
public final class OverlayKey {
  private static final int BYTES = 32;

  private final byte[] bytes;

  private OverlayKey(byte[] bytes) {
    this.bytes = bytes;
  }

  public static OverlayKey generate() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return new OverlayKey(random);
  }

  public static OverlayKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new InvalidInputException("an overlay key has 32 bytes, not " + bytes.length);
    }
    return new OverlayKey(bytes.clone());
  }

  /** Throws {@link InvalidInputException} if the file holds anything but a key. */
  public static OverlayKey load(Path file) throws IOException {
    String text = SecretFile.read(file);
    if (!text.matches("[0-9a-f]{64}")) {
      throw new InvalidInputException(
          "overlay key " + file + " is damaged: it has to be 64 hex digits");
    }
    return new OverlayKey(HexFormat.of().parseHex(text));
  }

  public void save(Path file) throws IOException {
    SecretFile.write(file, HexFormat.of().formatHex(bytes) + "\n");
  }

  /** The key itself; never log it, never put it into arguments or the environment. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Names the key without telling it: 64 hex digits, the settings' keyId. */
  public String keyId() {
    return HexFormat.of().formatHex(derive("smon key id"));
  }

  byte[] derive(String purpose) {
    return Hkdf.derive(bytes, purpose);
  }
}

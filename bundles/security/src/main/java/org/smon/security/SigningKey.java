// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import org.smon.api.InvalidInputException;

/**
 * An Ed25519 key of an operator (R40), or of an agent's TLS certificate (R36). In files PKCS#8 PEM,
 * mode 0600, as `openssl genpkey -algorithm ed25519` writes it too.
 */
public record SigningKey(KeyPair pair) {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  public static SigningKey generate() {
    return new SigningKey(Ed25519.generate());
  }

  /** Throws {@link InvalidInputException} if the file holds anything but such a key. */
  public static SigningKey load(Path file) throws IOException {
    String text = SecretFile.read(file);
    try {
      if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
        throw new GeneralSecurityException("not PEM");
      }
      String body = text.substring(BEGIN.length(), text.length() - END.length());
      return new SigningKey(Ed25519.ofPkcs8(Base64.getMimeDecoder().decode(body)));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new InvalidInputException(
          "key " + file + " is damaged: it has to be an Ed25519 private key in PKCS#8 PEM");
    }
  }

  public void save(Path file) throws IOException {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    String body = lines.encodeToString(pair.getPrivate().getEncoded());
    SecretFile.write(file, BEGIN + "\n" + body + "\n" + END + "\n");
  }

  public PrivateKey privateKey() {
    return pair.getPrivate();
  }

  public PublicKey publicKey() {
    return pair.getPublic();
  }

  /** Base64 of the X.509 form: how settings name operators and agents. */
  public String publicText() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** Tells no more than the public half. */
  @Override
  public String toString() {
    return "SigningKey[" + publicText() + "]";
  }
}

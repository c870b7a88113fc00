// SPDX-License-Identifier: Apache-2.0
package org.smon.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** Host keys as lists pin them: OpenSSH's SHA256 fingerprints (R33). */
public final class HostKeys {
  private HostKeys() {}

  /** {@code SHA256:} and 43 characters of base64, as ssh-keygen -l shows it. */
  public static String fingerprint(PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return fingerprint(buffer.getCompactData());
  }

  /** The same of a key in ssh wire format. */
  public static String fingerprint(byte[] blob) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}

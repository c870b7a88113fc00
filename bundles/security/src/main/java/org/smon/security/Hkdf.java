// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 (RFC 5869) for outputs of up to 32 bytes: all that a seed or an id needs. */
final class Hkdf {
  private static final String HMAC = "HmacSHA256";
  private static final int BLOCK = 32;

  private Hkdf() {}

  /** 32 bytes that say nothing about the secret nor about what is derived for another purpose. */
  static byte[] derive(byte[] secret, String purpose) {
    byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
    return expand(extract(new byte[BLOCK], secret), info);
  }

  static byte[] extract(byte[] salt, byte[] secret) {
    return hmac(salt, secret);
  }

  /** The first block of the expansion. */
  static byte[] expand(byte[] pseudorandomKey, byte[] info) {
    byte[] block = new byte[info.length + 1];
    System.arraycopy(info, 0, block, 0, info.length);
    block[info.length] = 1;
    return hmac(pseudorandomKey, block);
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + HMAC, e);
    }
  }
}

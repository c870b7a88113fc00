// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Ed25519 by the JDK alone. */
final class Ed25519 {
  private static final String NAME = "Ed25519";

  /** RFC 8032, section 7.1, test 1. */
  private static final String VECTOR_SEED =
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

  private static final String VECTOR_PUBLIC =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private Ed25519() {}

  static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(NAME).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /**
   * The pair of a 32-byte seed. The JDK has no call for it, but takes its randomness as the seed;
   * {@link #selfTest} sees to it that this stays so.
   */
  static KeyPair ofSeed(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
      generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /** The whole pair of a private key in PKCS#8. */
  static KeyPair ofPkcs8(byte[] encoded) throws GeneralSecurityException {
    PrivateKey key = KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    return ofSeed(((EdECPrivateKey) key).getBytes().orElseThrow());
  }

  static byte[] sign(PrivateKey key, byte[] data) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initSign(key);
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /** Throws if this Java derives another key from a seed than RFC 8032 does. */
  static void selfTest() {
    byte[] encoded = ofSeed(HexFormat.of().parseHex(VECTOR_SEED)).getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    if (!HexFormat.of().formatHex(raw).equals(VECTOR_PUBLIC)) {
      throw new IllegalStateException(
          "this Java derives Ed25519 keys unlike RFC 8032; use another Java 17 or later");
    }
  }

  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("this Java's Ed25519 does not work", e);
  }

  private static final class FixedRandom extends SecureRandom {
    private final byte[] seed;

    FixedRandom(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}

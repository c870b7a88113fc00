// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * The CA that everyone who holds K_E derives alike, and nobody else can. Certificates are valid
 * from 2000 to 9999: on machines whose clocks lie a date says nothing.
 */
final class CertificateAuthority {
  private static final byte[] ED25519 = Der.sequence(Der.oid(0x2b, 0x65, 0x70));
  private static final byte[] VALIDITY =
      Der.sequence(Der.utcTime("000101000000Z"), Der.time("99991231235959Z"));

  private final KeyPair pair;
  private final byte[] name;
  private final X509Certificate certificate;

  CertificateAuthority(OverlayKey key) {
    pair = Ed25519.ofSeed(key.derive("smon ca ed25519"));
    // Named by the key, so that the CA of a rotated K_E is never mistaken for this one.
    name = name("smon " + key.keyId().substring(0, 16));
    byte[] serial = {1};
    certificate = issue(serial, name, pair.getPublic(), authorityExtension());
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** A fresh certificate for an Ed25519 key. */
  X509Certificate issue(PublicKey leaf) {
    byte[] serial = new byte[16];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) (serial[0] & 0x7f | 0x40); // positive, and without a leading zero
    return issue(serial, name("smon member"), leaf, new byte[0]);
  }

  private X509Certificate issue(
      byte[] serial, byte[] subject, PublicKey subjectKey, byte[] extensions) {
    byte[] version3 = Der.context(0, Der.integer((byte) 2));
    byte[] toBeSigned =
        Der.sequence(
            version3,
            Der.integer(serial),
            ED25519,
            name,
            VALIDITY,
            subject,
            subjectKey.getEncoded(),
            extensions);
    byte[] signature = Ed25519.sign(pair.getPrivate(), toBeSigned);
    return read(Der.sequence(toBeSigned, ED25519, Der.bits(signature)));
  }

  private static byte[] name(String commonName) {
    byte[] attribute = Der.sequence(Der.oid(0x55, 0x04, 0x03), Der.utf8(commonName));
    return Der.sequence(Der.set(attribute));
  }

  /** Critical basicConstraints with CA true, without which PKIX takes it for no authority. */
  private static byte[] authorityExtension() {
    byte[] constraints =
        Der.sequence(Der.oid(0x55, 0x1d, 0x13), Der.yes(), Der.octets(Der.sequence(Der.yes())));
    return Der.context(3, Der.sequence(constraints));
  }

  private static X509Certificate read(byte[] encoded) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java does not read its own certificates", e);
    }
  }
}

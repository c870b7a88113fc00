// SPDX-License-Identifier: Apache-2.0
package org.smon.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JdkEd25519Test {
  @BeforeAll
  static void register() {
    JdkEd25519.register();
    JdkEd25519.register();
  }

  @Test
  void minaCountsEd25519AmongItsSignatures() {
    assertTrue(SecurityUtils.isEDDSACurveSupported());
    assertTrue(BuiltinSignatures.ed25519.isSupported());
  }

  @Test
  void aPublicKeyLineReadsBackAsItWas() throws Exception {
    PublicKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    String line = PublicKeyEntry.toString(key);
    assertTrue(line.startsWith("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"), line);
    assertEquals(key, PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null));
  }

  @Test
  void aSignatureVerifiesOverTheSignedDataAlone() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] data = "challenge".getBytes(StandardCharsets.UTF_8);
    Signature signer = BuiltinSignatures.ed25519.create();
    signer.initSigner(null, pair.getPrivate());
    signer.update(null, data);
    byte[] signature = signer.sign(null);
    assertTrue(verifies(pair, data, signature));
    data[0] ^= 1;
    assertFalse(verifies(pair, data, signature));
  }

  @Test
  void anEncryptedOpenSshFileReadsBack() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
    encryption.setPassword("secret words");
    encryption.setCipherType("256");
    encryption.setCipherMode("CTR");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "comment", encryption, file);
    KeyPair read =
        SecurityUtils.loadKeyPairIdentities(
                null,
                NamedResource.ofName("key"),
                new ByteArrayInputStream(file.toByteArray()),
                FilePasswordProvider.of("secret words"))
            .iterator()
            .next();
    assertEquals(pair.getPublic(), read.getPublic());
    assertArrayEquals(
        ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow(),
        ((EdECPrivateKey) read.getPrivate()).getBytes().orElseThrow());
    assertEquals(pair.getPublic(), KeyUtils.recoverPublicKey(read.getPrivate()));
  }

  private static boolean verifies(KeyPair pair, byte[] data, byte[] signature) throws Exception {
    Signature verifier = BuiltinSignatures.ed25519.create();
    verifier.initVerifier(null, pair.getPublic());
    verifier.update(null, data);
    return verifier.verify(null, signature);
  }
}

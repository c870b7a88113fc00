// SPDX-License-Identifier: Apache-2.0
package org.smon.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {
  @TempDir Path directory;
  private PublicKey ed25519;
  private PublicKey ecdsa;

  @BeforeEach
  void makeKeys() throws Exception {
    JdkEd25519.register();
    ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    ecdsa = generator.generateKeyPair().getPublic();
  }

  @Test
  void aHostIsFoundByNamePortAndHash() throws Exception {
    KnownHosts known =
        read(
            "# a comment",
            "plain,10.0.0.1 " + PublicKeyEntry.toString(ed25519) + " a comment",
            "[plain]:2222 " + PublicKeyEntry.toString(ecdsa),
            hashed("secret.example.org") + " " + PublicKeyEntry.toString(ecdsa),
            hashed("[secret.example.org]:2222") + " " + PublicKeyEntry.toString(ed25519),
            "@revoked plain " + PublicKeyEntry.toString(ecdsa),
            "plain not-a-key AAAA",
            "garbage \u0000\u00ff");
    assertEquals(List.of(HostKeys.fingerprint(ed25519)), known.fingerprints("plain", 22));
    assertEquals(List.of(HostKeys.fingerprint(ed25519)), known.fingerprints("10.0.0.1", 22));
    assertEquals(List.of(HostKeys.fingerprint(ecdsa)), known.fingerprints("plain", 2222));
    assertEquals(
        List.of(HostKeys.fingerprint(ecdsa)), known.fingerprints("secret.example.org", 22));
    assertEquals(
        List.of(HostKeys.fingerprint(ed25519)), known.fingerprints("secret.example.org", 2222));
    assertEquals(List.of(), known.fingerprints("unknown", 22));
  }

  @Test
  void anAbsentFileKnowsNobody() throws Exception {
    assertEquals(List.of(), KnownHosts.read(directory.resolve("absent")).fingerprints("plain", 22));
  }

  private KnownHosts read(String... lines) throws Exception {
    return KnownHosts.read(
        Files.write(directory.resolve("known_hosts"), List.of(lines), StandardCharsets.ISO_8859_1));
  }

  private static String hashed(String host) throws Exception {
    byte[] salt = "0123456789abcdefghij".getBytes(StandardCharsets.US_ASCII);
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(salt, "HmacSHA1"));
    Base64.Encoder base64 = Base64.getEncoder();
    return "|1|"
        + base64.encodeToString(salt)
        + "|"
        + base64.encodeToString(mac.doFinal(host.getBytes(StandardCharsets.US_ASCII)));
  }
}

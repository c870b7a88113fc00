// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.security.KeyPair;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** A key pair in this process's memory. */
final class PairKey implements SshKey {
  private final KeyPair pair;
  private final String publicLine;
  private final Set<String> algorithms;

  PairKey(KeyPair pair, String comment) {
    this.pair = pair;
    this.publicLine = PublicKeyEntry.toString(pair.getPublic()) + " " + comment;
    String type = KeyUtils.getKeyType(pair);
    this.algorithms =
        type.equals("ssh-rsa") ? Set.of("rsa-sha2-256", "rsa-sha2-512") : Set.of(type);
  }

  KeyPair pair() {
    return pair;
  }

  @Override
  public String publicLine() {
    return publicLine;
  }

  @Override
  public byte[] sign(String algorithm, byte[] data) throws IOException {
    if (!algorithms.contains(algorithm)) {
      throw new IOException("this key does not sign by " + algorithm);
    }
    try {
      Signature signature = BuiltinSignatures.fromFactoryName(algorithm).create();
      signature.initSigner(null, pair.getPrivate());
      signature.update(null, data);
      ByteArrayBuffer buffer = new ByteArrayBuffer();
      buffer.putString(algorithm);
      buffer.putBytes(signature.sign(null));
      return buffer.getCompactData();
    } catch (Exception e) { // Mina declares nothing narrower
      throw new IOException("the key cannot sign: " + e.getMessage(), e);
    }
  }
}

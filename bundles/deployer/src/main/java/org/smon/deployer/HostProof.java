// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.ByteArrayOutputStream;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Which machine a session talks to, as its server proved it in the key exchange: what the agent
 * wants to see before it signs (R38).
 *
 * @param hostKey public key blob
 * @param exchangeHash H, also the session's id
 * @param signature the server's signature over H in ssh wire format
 */
record HostProof(byte[] hostKey, byte[] exchangeHash, byte[] signature) {

  /** Signature factories that leave the proof on the session's {@link Login}. */
  static List<NamedFactory<Signature>> capturing(List<? extends NamedFactory<Signature>> plain) {
    return plain.stream().<NamedFactory<Signature>>map(Capturing::new).toList();
  }

  private static byte[] blob(PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return buffer.getCompactData();
  }

  private record Capturing(NamedFactory<Signature> plain) implements NamedFactory<Signature> {
    @Override
    public String getName() {
      return plain.getName();
    }

    @Override
    public Signature create() {
      return new Witness(plain.create());
    }
  }

  /** A signature that remembers what it verified. */
  private static final class Witness implements Signature {
    private final Signature plain;
    private final ByteArrayOutputStream verified = new ByteArrayOutputStream();
    private PublicKey hostKey;

    Witness(Signature plain) {
      this.plain = plain;
    }

    @Override
    public String getAlgorithm() {
      return plain.getAlgorithm();
    }

    @Override
    public String getSshAlgorithmName(String algorithm) {
      return plain.getSshAlgorithmName(algorithm);
    }

    @Override
    public void initVerifier(SessionContext session, PublicKey key) throws Exception {
      plain.initVerifier(session, key);
      verified.reset();
      hostKey = key;
    }

    @Override
    public void initSigner(SessionContext session, PrivateKey key) throws Exception {
      plain.initSigner(session, key);
    }

    @Override
    public void update(SessionContext session, byte[] data, int offset, int length)
        throws Exception {
      plain.update(session, data, offset, length);
      verified.write(data, offset, length);
    }

    @Override
    public boolean verify(SessionContext session, byte[] signature) throws Exception {
      boolean genuine = plain.verify(session, signature);
      if (genuine && session instanceof ClientSession client) {
        Login login = Login.of(client.getConnectionContext());
        // The first exchange gives the session its id; later ones only renew the keys.
        if (login.proof == null) {
          login.proof = new HostProof(blob(hostKey), verified.toByteArray(), signature.clone());
        }
      }
      return genuine;
    }

    @Override
    public byte[] sign(SessionContext session) throws Exception {
      return plain.sign(session);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.util.Arrays;
import java.util.Set;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.RefusedException;
import org.smon.ssh.HostKeys;

/**
 * Reads what an sshd asks to be signed, and refuses whatever is not exactly a public-key login to
 * the expected machine as the expected user (R38; paper II-B). Pure: one request in, yes or a
 * reason.
 */
final class Challenge {
  private static final byte USERAUTH_REQUEST = 50;
  private static final String PLAIN = "publickey";
  private static final String HOST_BOUND = "publickey-hostbound-v00@openssh.com";
  private static final Set<String> ALGORITHMS =
      Set.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "rsa-sha2-256",
          "rsa-sha2-512");

  private final SignRequest request;

  Challenge(SignRequest request) throws RefusedException {
    boolean whole =
        request.publicKey() != null
            && request.algorithm() != null
            && request.data() != null
            && request.hostKey() != null
            && request.exchangeHash() != null
            && request.hostSignature() != null;
    require(whole, "the signing request is incomplete");
    this.request = request;
  }

  /**
   * The fingerprint of the host key that the requester says it talks to; proved by {@link #check}.
   */
  String fingerprint() {
    return HostKeys.fingerprint(request.hostKey());
  }

  /**
   * Refuses unless the host proved its key in this very session and the blob is a login of this
   * user.
   *
   * @param user whom the signature will log in
   * @param key what it will be made with
   */
  void check(String user, SshKey key) throws RefusedException {
    require(
        ALGORITHMS.contains(request.algorithm()),
        "signature algorithm " + request.algorithm() + " is not allowed");
    require(hostProved(), "the host key's signature over the key exchange does not verify");
    try {
      checkBlob(new ByteArrayBuffer(request.data()), user, SshKey.blob(key.publicLine()));
    } catch (BufferException e) {
      throw new RefusedException("the data to sign is cut short");
    }
  }

  private void checkBlob(ByteArrayBuffer blob, String user, byte[] key) throws RefusedException {
    require(
        Arrays.equals(blob.getBytes(), request.exchangeHash()),
        "the session id is another session's");
    require(blob.getByte() == USERAUTH_REQUEST, "the data to sign is not a login request");
    require(blob.getString().equals(user), "the login is for another user than " + user);
    require(
        blob.getString().equals("ssh-connection"),
        "the login is for another service than ssh-connection");
    String method = blob.getString();
    require(
        method.equals(PLAIN) || method.equals(HOST_BOUND), "the login method is not public key");
    require(blob.getByte() == 1, "the login request carries no signature flag");
    require(
        blob.getString().equals(request.algorithm()), "the algorithm in the data is another one");
    require(Arrays.equals(blob.getBytes(), key), "the key in the data is another one");
    if (method.equals(HOST_BOUND)) {
      require(
          Arrays.equals(blob.getBytes(), request.hostKey()),
          "the data is bound to another host key");
    }
    require(blob.available() == 0, "the data to sign has trailing bytes");
  }

  /** H signed by the host key: the requester is talking to its owner, in the session H names. */
  private boolean hostProved() {
    try {
      ByteArrayBuffer proof = new ByteArrayBuffer(request.hostSignature());
      String algorithm = proof.getString();
      if (!ALGORITHMS.contains(algorithm)) {
        return false;
      }
      Signature verifier = BuiltinSignatures.fromFactoryName(algorithm).create();
      verifier.initVerifier(null, new ByteArrayBuffer(request.hostKey()).getRawPublicKey());
      verifier.update(null, request.exchangeHash());
      return verifier.verify(null, request.hostSignature());
    } catch (Exception e) { // malformed keys and signatures come as anything
      return false;
    }
  }

  private static void require(boolean fits, String reason) throws RefusedException {
    if (!fits) {
      throw new RefusedException(reason);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.smon.api.LoginAgent;
import org.smon.api.RefusedException;
import org.smon.ssh.JdkEd25519;

/** An agent without a policy: offers and signs, and remembers what it was asked. */
final class KeyAgent implements LoginAgent {
  static {
    JdkEd25519.register();
  }

  final KeyPair enrolment = Overlay.keyPair();
  final KeyPair own = Overlay.keyPair();
  final List<SignRequest> signed = new ArrayList<>();
  volatile boolean down;
  volatile String refusal;
  volatile boolean offersOwnKey = true;
  volatile String user = System.getProperty("user.name");
  volatile List<String> newer = List.of();
  volatile String password;

  /** Happens in the middle of a visit. */
  volatile Runnable onSign = () -> {};

  String enrolmentLine() {
    return PublicKeyEntry.toString(enrolment.getPublic());
  }

  String ownLine() {
    return PublicKeyEntry.toString(own.getPublic());
  }

  @Override
  public LoginPermit permit(LoginRequest request) throws RefusedException, IOException {
    if (down) {
      throw new IOException("no agent answers");
    }
    if (refusal != null) {
      throw new RefusedException(refusal);
    }
    List<String> keys =
        offersOwnKey ? List.of(enrolmentLine(), ownLine()) : List.of(enrolmentLine());
    return new LoginPermit(user, keys, newer, password);
  }

  @Override
  public synchronized byte[] sign(SignRequest request) throws IOException {
    signed.add(request);
    onSign.run();
    KeyPair pair = request.publicKey().equals(enrolmentLine()) ? enrolment : own;
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(request.data());
      ByteArrayBuffer wire = new ByteArrayBuffer();
      wire.putString("ssh-ed25519");
      wire.putBytes(signature.sign());
      return wire.getCompactData();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}

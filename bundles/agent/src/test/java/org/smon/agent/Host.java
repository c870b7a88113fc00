// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.security.SecureRandom;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.security.SigningKey;
import org.smon.ssh.HostKeys;

/**
 * A machine's sshd as a signing request shows it: its host key, one session, and its blob to sign.
 */
final class Host {
  final SshKey key = new PairKey(SigningKey.generate().pair(), "host");
  final byte[] exchangeHash = new byte[32];

  String session = "";
  byte flag = 1;
  byte message = 50;
  String user = "ops";
  String service = "ssh-connection";
  String method = "publickey-hostbound-v00@openssh.com";
  byte[] boundTo = SshKey.blob(key.publicLine());
  byte[] trailing = new byte[0];
  SshKey signsExchange = key;

  Host() {
    new SecureRandom().nextBytes(exchangeHash);
  }

  String fingerprint() {
    return HostKeys.fingerprint(SshKey.blob(key.publicLine()));
  }

  SignRequest asks(String requester, String machine, SshKey login) throws IOException {
    return new SignRequest(
        requester,
        machine,
        login.publicLine(),
        "ssh-ed25519",
        blob(login),
        SshKey.blob(key.publicLine()),
        exchangeHash,
        signsExchange.sign("ssh-ed25519", exchangeHash));
  }

  private byte[] blob(SshKey login) {
    ByteArrayBuffer blob = new ByteArrayBuffer();
    blob.putBytes(
        session.isEmpty()
            ? exchangeHash
            : session.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    blob.putByte(message);
    blob.putString(user);
    blob.putString(service);
    blob.putString(method);
    blob.putByte(flag);
    blob.putString("ssh-ed25519");
    blob.putBytes(SshKey.blob(login.publicLine()));
    if (method.contains("hostbound")) {
      blob.putBytes(boundTo);
    }
    blob.putRawBytes(trailing);
    return blob.getCompactData();
  }
}

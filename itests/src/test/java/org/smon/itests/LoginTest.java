// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoginTest {
  private static final String PEER = "10.99.0.1 port 50980";

  @Test
  void aConnectionIsOneLoginHoweverManyKeysItTried() {
    assertEquals(
        List.of(new Login(PEER, 90, 94, true)),
        Login.of(
            List.of(
                "80 Server listening on 0.0.0.0 port 22.",
                "90 Connection from " + PEER + " on 10.99.0.2 port 22 rdomain \"\"",
                "90 Failed publickey for ops from " + PEER + " ssh2: ED25519 SHA256:77",
                "90 Accepted key ED25519 SHA256:Zl found at /home/ops/.ssh/authorized_keys:1",
                "91 Accepted publickey for ops from " + PEER + " ssh2: ED25519 SHA256:Zl",
                "91 Starting session: command for ops from " + PEER + " id 0",
                "94 Close session: user ops from " + PEER + " id 0",
                "94 Closing connection to " + PEER)));
  }

  @Test
  void aLookAtThePortIsNoLogin() {
    assertEquals(
        List.of(),
        Login.of(
            List.of(
                "90 Connection from " + PEER + " on 10.99.0.2 port 22 rdomain \"\"",
                "90 Connection closed by " + PEER + " [preauth]")));
  }

  @Test
  void whoWasRefusedDidTry() {
    assertEquals(
        List.of(new Login(PEER, 90, 91, false)),
        Login.of(
            List.of(
                "90 Failed publickey for ops from " + PEER + " ssh2: ED25519 SHA256:77",
                "91 Connection closed by authenticating user ops " + PEER + " [preauth]")));
  }

  @Test
  void aLoginWhoseMachineCrashedEndsWithItsLastLine() {
    assertEquals(
        List.of(new Login(PEER, 90, 92, true)),
        Login.of(
            List.of(
                "90 Accepted publickey for ops from " + PEER + " ssh2: ED25519 SHA256:Zl",
                "92 Starting session: command for ops from " + PEER + " id 0",
                "120 Server listening on 0.0.0.0 port 22.")));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.io.IOException;
import java.util.List;

/**
 * The authentication agent as a deployer sees it (R34, paper II-B). Calls block, bounded by the
 * transport's time-outs.
 */
public interface LoginAgent {
  /** Asked BEFORE ssh is opened, so that an agent that is down or unwilling costs no login. */
  LoginPermit permit(LoginRequest request) throws RefusedException, IOException;

  /**
   * Answers the challenge of a machine's sshd; the signature in ssh wire format (string algorithm,
   * string blob).
   */
  byte[] sign(SignRequest request) throws RefusedException, IOException;

  /**
   * @param requester the machine whose peer asks, or "client"
   * @param machine the machine to log in to
   * @param versions what the requester holds; the agent refuses an older list or livetag
   * @param purpose what for; null, as older requesters leave it, for {@link Visit.Purpose#PEER}
   */
  record LoginRequest(String requester, String machine, Versions versions, Visit.Purpose purpose) {
    public LoginRequest(String requester, String machine, Versions versions) {
      this(requester, machine, versions, null);
    }

    /** True if the visitor is to leave nothing there. */
    public boolean toClean() {
      return purpose == Visit.Purpose.CLEAN;
    }
  }

  /**
   * @param user the login user the agent will sign for
   * @param publicKeys OpenSSH public key lines to offer, in this order: first the enrolment key,
   *     then the user's own; empty if the newer documents have to be adopted first
   * @param newer documents of which the agent holds newer ones, as whole texts
   * @param password to try after the keys, if the agent's user opted in to disclose it (R37), else
   *     null
   */
  record LoginPermit(String user, List<String> publicKeys, List<String> newer, String password) {
    public LoginPermit(String user, List<String> publicKeys, List<String> newer) {
      this(user, publicKeys, newer, null);
    }

    /** Without the password: permits are logged. */
    @Override
    public String toString() {
      return "LoginPermit[user=%s, publicKeys=%s, password=%s]"
          .formatted(user, publicKeys, password == null ? "no" : "yes");
    }
  }

  /**
   * Everything the agent needs to see that it signs for the right machine (R38). Byte fields are
   * raw.
   *
   * @param publicKey the OpenSSH public key line to sign with, one of the permit's
   * @param algorithm signature algorithm, such as ssh-ed25519 or rsa-sha2-512
   * @param data the whole blob to sign, as RFC 4252 section 7 or publickey-hostbound-v00 lays it
   *     out
   * @param hostKey the server's public key blob of the key exchange
   * @param exchangeHash H, which the server signed; also the session id
   * @param hostSignature the server's signature over H, in ssh wire format
   */
  record SignRequest(
      String requester,
      String machine,
      String publicKey,
      String algorithm,
      byte[] data,
      byte[] hostKey,
      byte[] exchangeHash,
      byte[] hostSignature) {}
}

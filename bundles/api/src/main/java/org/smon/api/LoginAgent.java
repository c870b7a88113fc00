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
   */
  record LoginRequest(String requester, String machine, Versions versions) {}

  /**
   * @param user the login user the agent will sign for
   * @param publicKeys OpenSSH public key lines to offer, in this order: first the enrolment key,
   *     then the user's own
   * @param newer documents of which the agent holds newer ones, as whole texts
   */
  record LoginPermit(String user, List<String> publicKeys, List<String> newer) {}

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

// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.RefusedException;

/**
 * What an authentication agent answers under K_E (paper II-B, R34). Client proxies: see {@link
 * PeerApi}.
 */
@Path("/v1/agent")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface AgentApi {
  /** Public facts about the agent, for `smon agents set`. */
  @GET
  @Path("identity")
  Identity identity() throws RefusedException;

  @POST
  @Path("permit")
  LoginPermit permit(LoginRequest request) throws RefusedException;

  @POST
  @Path("sign")
  Signed sign(SignRequest request) throws RefusedException;

  /**
   * Takes a document if it is genuine and newer: an agent that lives in another home than the
   * operator's learns of changes by this.
   */
  @POST
  @Path("documents")
  @Consumes(MediaType.TEXT_PLAIN)
  OfferAnswer offer(String text) throws RefusedException;

  /** Offers a key that the agent's keyring names; refused after a leak (R41). */
  @POST
  @Path("keys")
  KeyAnswer offerKey(KeyMessage key) throws RefusedException;

  /**
   * @param publicKey base64 X.509 Ed25519 key of the agent's TLS certificate
   * @param enrolmentKey the OpenSSH public key line of its overlay-only key
   * @param keyring the counter of the keyring document that the agent works by, or null
   */
  record Identity(String publicKey, String enrolmentKey, Long keyring) {
    public Identity(String publicKey, String enrolmentKey) {
      this(publicKey, enrolmentKey, null);
    }
  }

  /** A signature in ssh wire format. */
  record Signed(byte[] signature) {}
}

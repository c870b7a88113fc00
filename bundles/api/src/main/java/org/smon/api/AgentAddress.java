// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * Where an authentication agent answers and the key that proves it is that agent (R36).
 *
 * @param host a name, whose every address is tried, or an address
 * @param publicKey base64 X.509 Ed25519 key of the agent's TLS certificate
 * @param enrolmentKey the OpenSSH public key line of the overlay-only key that the agent keeps
 */
public record AgentAddress(String host, int port, String publicKey, String enrolmentKey) {
  public AgentAddress {
    Names.requireMachine(host);
    Names.requirePort(port);
  }

  /** {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }

  String line() {
    return host + " " + port + " " + publicKey + " " + enrolmentKey;
  }

  static AgentAddress ofLine(String line) {
    String[] part = line.split(" ", 4);
    if (part.length != 4) {
      throw new InvalidInputException(
          "agent line " + Names.quote(line) + " does not have 4 fields");
    }
    return new AgentAddress(part[0], Integer.parseInt(part[1]), part[2], part[3]);
  }
}

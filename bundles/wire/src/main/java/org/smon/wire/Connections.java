// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/**
 * Client side of the K_E channel. Proxies are cached, cheap and thread-safe; their calls block,
 * bounded by the given time-out, and throw as {@link PeerApi} says.
 */
public interface Connections {
  /**
   * @param host the machine's name
   * @param timeoutMillis for connecting, and again for the answer
   */
  PeerApi peer(String host, int port, int timeoutMillis);

  /**
   * @param publicKey the base64 X.509 key its certificate must carry, or null to accept any of the
   *     overlay
   */
  AgentApi agent(String host, int port, String publicKey, int timeoutMillis);
}

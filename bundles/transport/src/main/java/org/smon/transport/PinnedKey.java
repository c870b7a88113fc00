// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.security.cert.Certificate;
import java.util.Base64;
import org.apache.cxf.message.Message;
import org.apache.cxf.transport.http.MessageTrustDecider;
import org.apache.cxf.transport.http.URLConnectionInfo;
import org.apache.cxf.transport.http.UntrustedURLConnectionIOException;
import org.apache.cxf.transport.https.HttpsURLConnectionInfo;

/**
 * Agents are known by their public key, for K_E proves membership and no role: checked after the
 * handshake and before the request is sent.
 */
final class PinnedKey extends MessageTrustDecider {
  private final String publicKey;

  PinnedKey(String publicKey) {
    this.publicKey = publicKey;
  }

  @Override
  public void establishTrust(String conduit, URLConnectionInfo connection, Message message)
      throws UntrustedURLConnectionIOException {
    Certificate[] chain =
        connection instanceof HttpsURLConnectionInfo https
            ? https.getServerCertificates()
            : new Certificate[0];
    if (chain.length == 0 || !publicKey.equals(keyOf(chain[0]))) {
      throw new UntrustedURLConnectionIOException(
          "it is a member of the overlay, but not the agent that the settings name");
    }
  }

  private static String keyOf(Certificate certificate) {
    return Base64.getEncoder().encodeToString(certificate.getPublicKey().getEncoded());
  }
}

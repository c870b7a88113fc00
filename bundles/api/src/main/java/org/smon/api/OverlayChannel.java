// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import javax.net.ssl.SSLContext;

/**
 * TLS 1.3 under K_E (R35): both sides prove by a certificate of the CA derived from K_E that they
 * hold the key. Any thread.
 */
public interface OverlayChannel {
  /** For a listener and for clients alike: own leaf, trust in the overlay's CA alone. */
  SSLContext context();

  /** Names K_E without telling it; equals the settings' keyId. */
  String keyId();

  /**
   * K_E itself, 32 bytes, for the deployer, who hands it to a machine whose host key it has
   * verified.
   */
  byte[] key();

  /** Called when K_E changed and {@link #context()} returns another one. */
  void onChange(Runnable listener);
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * TLS 1.3 under K_E (R35): both sides prove by a certificate of a CA derived from K_E that they
 * hold the key. Which keys count is what the keyring in force says (R41). Any thread.
 */
public interface OverlayChannel {
  /** For a listener and for clients alike: own leaf, trust in the overlay's CAs alone. */
  SSLContext context();

  /** Names the key in use without telling it. */
  String keyId();

  /** Ids of all keys that are trusted now, the one in use first. */
  List<String> trusted();

  /** Ids that the keyring in force names and whose bytes are not here. */
  List<String> missing();

  /**
   * The counter of the keyring document that this process works by; 0 without one, or while a key
   * that it names is missing here.
   */
  long keyring();

  /**
   * The bytes of a trusted key, 32 of them, for the deployer, who hands them to a machine whose
   * host key it has verified, and for members who lack them. Never log them.
   */
  Optional<byte[]> key(String id);

  /** Takes a missing key, which is on disk when this returns; false if it is no such key. */
  boolean take(byte[] key);

  /** Looks at the disk again, where a visitor may have left a key. */
  void refresh();

  /** Called when {@link #context()} returns another one, on the thread that brought the change. */
  void onChange(Runnable listener);
}

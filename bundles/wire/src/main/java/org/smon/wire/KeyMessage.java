// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/**
 * The bytes of a key that the keyring in force names; they travel under a key that is trusted
 * already (R41). Which key it is follows from the bytes.
 */
public record KeyMessage(byte[] key) {
  /** Tells nothing. */
  @Override
  public String toString() {
    return "KeyMessage";
  }
}

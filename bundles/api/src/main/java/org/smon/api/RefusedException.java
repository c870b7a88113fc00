// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/** A check said no. The message is one line for people: what was refused, and why. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}

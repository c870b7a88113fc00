// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

/** A set on trial is not good. The message is one line for people. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message.replaceAll("\\s+", " ").strip());
  }
}

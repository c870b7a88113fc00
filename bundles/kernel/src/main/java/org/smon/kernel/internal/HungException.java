// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

/** Something does not come to an end, not even when interrupted: only another process helps. */
final class HungException extends Exception {
  private static final long serialVersionUID = 1L;

  HungException(String message) {
    super(message);
  }
}

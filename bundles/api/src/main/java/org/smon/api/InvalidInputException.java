// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * Something a person or a machine handed in does not fit. The message is one line that names the
 * thing and says what to do; it is shown as it is.
 */
public final class InvalidInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }
}

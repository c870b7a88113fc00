// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

/** A verb could not do what it was asked; the message is the one line that the user sees. */
public class FailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;

  private FailedException(int exitStatus, String message, Throwable cause) {
    super(message, cause);
    this.exitStatus = exitStatus;
  }

  /** Refused or failed: exit status 1. */
  public FailedException(String message) {
    this(ExitStatus.FAILED, message, null);
  }

  public FailedException(String message, Throwable cause) {
    this(ExitStatus.FAILED, message, cause);
  }

  /** Not converged in {@code --timeout}: exit status 3. */
  public static FailedException notConverged(String message) {
    return new FailedException(ExitStatus.NOT_CONVERGED, message, null);
  }

  public int exitStatus() {
    return exitStatus;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

/** What the program exits with; scripts rely on it. */
public final class ExitStatus {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;
  public static final int NOT_CONVERGED = 3;

  private ExitStatus() {}
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * Whether the overlay maintains itself (R26, R27; paper II-A4). The body of a LIVETAG document.
 *
 * @param quietSeconds with false: how long without a maintenance ping until a peer stops itself
 */
public record Livetag(boolean value, int quietSeconds) {
  public static final int DISABLE_QUIET_SECONDS = 600;

  /** Long enough for the rumor and the rounds that follow it, short enough to wait for. */
  public static final int SHUTDOWN_QUIET_SECONDS = 15;

  public static Livetag on() {
    return new Livetag(true, DISABLE_QUIET_SECONDS);
  }

  public static Livetag off(int quietSeconds) {
    return new Livetag(false, quietSeconds);
  }

  public String body() {
    return "value " + value + "\nquietSeconds " + quietSeconds + "\n";
  }

  public static Livetag ofBody(String body) {
    Lines lines = new Lines("livetag", body);
    String value = lines.one("value");
    if (!value.equals("true") && !value.equals("false")) {
      throw new InvalidInputException(
          "livetag line 'value' is neither true nor false: " + Names.quote(value));
    }
    return new Livetag(value.equals("true"), lines.number("quietSeconds"));
  }
}

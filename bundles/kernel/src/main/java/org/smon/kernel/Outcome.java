// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel;

/**
 * How a trial ended.
 *
 * @param release hex hash of the release that was on trial
 * @param reason one line why it was taken back, or null if it was adopted
 */
public record Outcome(String release, String reason) {
  public boolean adopted() {
    return reason == null;
  }
}

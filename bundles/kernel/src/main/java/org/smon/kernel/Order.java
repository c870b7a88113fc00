// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel;

/**
 * What is to be put on trial.
 *
 * @param release hex hash of its signed manifest, which lies in {@code state/release-HASH} with its
 *     bundles in {@code repository/}
 * @param probationMillis how long it has to be well
 * @param patienceMillis how long the swap may take without any bundle moving, and longest for what
 *     is asked of the candidate, before it counts as hung
 * @param baseline one line by which the candidate tells what was well before the swap; only it
 *     reads it
 */
public record Order(String release, long probationMillis, long patienceMillis, String baseline) {
  public Order {
    if (!release.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not the hash of a release: " + release);
    }
    if (probationMillis < 0 || patienceMillis < 1 || baseline.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("an order with times or a baseline out of range");
    }
  }
}

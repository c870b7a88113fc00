// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel;

/**
 * Something that is not well with a set on trial.
 *
 * @param text one line
 * @param isFinal true if waiting cannot mend it
 */
public record Complaint(String text, boolean isFinal) {
  /** Such as a pong that has not come yet. */
  public static Complaint soFar(String text) {
    return new Complaint(text, false);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

/** Told of files that are damaged, once at the start, and of what is used instead (R54). */
@FunctionalInterface
public interface Damage {
  /**
   * @param line for people: the file, what is wrong with it, what is used instead
   */
  void found(String line);
}

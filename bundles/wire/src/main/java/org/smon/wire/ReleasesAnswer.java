// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;

/**
 * What one peer knows of releases; the component names are the JSON fields of {@code smon releases
 * --json}, newest first.
 */
public record ReleasesAnswer(List<ReleaseLine> releases) {
  /** The lower-case words are the JSON values. */
  public enum State {
    adopted,
    spreading,
    quarantined,
    superseded
  }

  /**
   * @param version for people
   * @param counter of its document, which orders releases
   * @param hash of its document
   * @param wave the one that may adopt it now, from 1; 0 if none
   * @param waves how many there are
   * @param reason why it is quarantined, or what a machine that refused it said; or null
   */
  public record ReleaseLine(
      String version,
      long counter,
      String hash,
      State state,
      int wave,
      int waves,
      Machines machines,
      String reason) {}

  /**
   * Machines by what became of the release there.
   *
   * @param provisional those that have it on trial, as far as the asked peer knows
   */
  public record Machines(int adopted, int refused, int provisional) {}
}

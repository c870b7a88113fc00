// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import org.smon.api.Documents.Offer.Verdict;

/**
 * What a peer made of a {@link Parcel}.
 *
 * @param verdict null if it was not enough to tell: the peer wants the document itself, built upon
 *     what it has
 * @param reason one line, or null
 * @param have hash of what it holds of this type if it wants more, or null for nothing
 * @param newer what it holds instead if the offered one lost, or null
 */
public record Receipt(Verdict verdict, String reason, String have, Parcel newer) {
  public static Receipt wanted(String have) {
    return new Receipt(null, null, have, null);
  }

  public boolean wantsMore() {
    return verdict == null;
  }

  /** True if the very document is on that peer's disk and in force there. */
  public boolean isHeld() {
    return verdict == Verdict.ADOPTED || verdict == Verdict.KNOWN;
  }
}

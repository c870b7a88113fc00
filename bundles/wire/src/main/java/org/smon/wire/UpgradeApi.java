// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import org.smon.api.RefusedException;

/**
 * The part of {@link PeerApi} that the upgrade bundle answers; it comes and goes while bundles are
 * swapped. Any thread.
 */
public interface UpgradeApi {
  /** What becomes of the newest release on this machine; the word in {@code smon status}. */
  enum LocalState {
    FETCHING,
    PROVISIONAL,
    ADOPTED,
    ROLLED_BACK;

    public String word() {
      return this == ROLLED_BACK ? "rolled-back" : name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  LocalState state();

  /** Why, if it is {@link LocalState#ROLLED_BACK}; else null. */
  String reason();

  /** Merges what another has heard of a release with what was heard here. */
  RolloutMessage rollout(RolloutMessage message) throws RefusedException;

  /**
   * Takes a piece of a blob that the newest signed release names, for a publisher whom nobody can
   * reach (R52). Pieces come in order; a receipt tells where to go on.
   *
   * @param from the piece's place in the blob; one that is not what is here so far is not taken
   * @param piece may be empty, to ask how much is here
   */
  BlobReceipt takeBlob(String sha256, long from, byte[] piece) throws RefusedException;

  ReleasesAnswer releases();
}

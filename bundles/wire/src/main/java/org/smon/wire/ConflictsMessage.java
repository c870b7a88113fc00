// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;
import java.util.Objects;
import org.smon.api.Hashes;

/**
 * Losers of edits from one version (T5), both ways: who asks tells which it holds, the answer tells
 * the same and brings some that the asker lacks.
 *
 * @param held hashes
 * @param documents whole ones
 */
public record ConflictsMessage(List<String> held, List<Parcel> documents) {
  public ConflictsMessage {
    held = List.copyOf(Objects.requireNonNullElse(held, List.of()));
    documents = List.copyOf(Objects.requireNonNullElse(documents, List.of()));
  }

  /** What pings carry to see whether there is anything to exchange; null for none. */
  public static String digest(List<String> hashes) {
    return hashes.isEmpty() ? null : Hashes.of(String.join("\n", hashes)).substring(0, 16);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.List;
import java.util.Objects;

/**
 * Asks a peer which of some machines have a document on disk: a client that reaches one peer alone
 * learns so that its change is safe. The answer names those that have.
 *
 * @param type the document type's word
 * @param hash the document, or an ancestor of what they hold
 */
public record HoldersMessage(String type, String hash, List<String> machines) {
  public HoldersMessage {
    machines = List.copyOf(Objects.requireNonNullElse(machines, List.of()));
  }

  public HoldersMessage of(List<String> others) {
    return new HoldersMessage(type, hash, others);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.ArrayList;
import java.util.List;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.wire.HoldersMessage;

/** Asks others, through the tree, whether they have a document, or what builds upon it, on disk. */
final class Holders {
  private static final int DEADLINE_MILLIS = 2_000;
  private static final int MOST = 64;

  private final String self;
  private final Documents documents;
  private final Tree tree;

  Holders(String self, Documents documents, Tree tree) {
    this.self = self;
    this.documents = documents;
    this.tree = tree;
  }

  HoldersMessage of(HoldersMessage query) throws RefusedException {
    List<String> asked = query.machines().stream().limit(MOST).toList();
    List<String> holders = new ArrayList<>();
    if (asked.contains(self) && holds(query)) {
      holders.add(self);
    }
    List<String> others =
        asked.stream().filter(m -> !m.equals(self) && documents.list().contains(m)).toList();
    tree.ask(
            others,
            documents.settings().gossipPort(),
            DEADLINE_MILLIS,
            (head, branch, millis) -> head.holders(query.of(branch)))
        .forEach(answer -> holders.addAll(answer.machines()));
    return query.of(holders);
  }

  private boolean holds(HoldersMessage query) throws RefusedException {
    try {
      Document held = documents.held(DocumentType.ofWord(query.type())).orElse(null);
      return held != null
          && (held.hash().equals(query.hash()) || held.ancestors().contains(query.hash()));
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }
}

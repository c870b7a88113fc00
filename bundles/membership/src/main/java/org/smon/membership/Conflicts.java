// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;

/**
 * The documents that lost without the winner building upon them (T5), compressed, for a list of
 * 15,000 machines takes a megabyte as text. Which ones are kept when there are too many depends on
 * themselves alone, and who joins two such sets gets the same from both sides; so all peers end
 * with one set. Immutable.
 */
final class Conflicts {
  static final Conflicts NONE = new Conflicts(List.of());

  private static final Comparator<Loser> NEWEST_FIRST =
      Comparator.comparingLong(Loser::counter).reversed().thenComparing(Loser::hash);

  private final List<Loser> losers;

  /**
   * @param compressed the document's whole text
   */
  private record Loser(
      DocumentType type, long counter, String hash, List<String> ancestors, byte[] compressed) {
    static Loser of(Document document) {
      return new Loser(
          document.type(),
          document.counter(),
          document.hash(),
          document.ancestors(),
          Packed.of(document.text()));
    }

    Document document() {
      return Document.parse(Packed.text(compressed));
    }
  }

  private Conflicts(List<Loser> losers) {
    this.losers = List.copyOf(losers);
  }

  boolean has(String hash) {
    return losers.stream().anyMatch(loser -> loser.hash().equals(hash));
  }

  List<String> hashes() {
    return losers.stream().map(Loser::hash).toList();
  }

  List<Document> of(DocumentType type) {
    return losers.stream().filter(loser -> loser.type() == type).map(Loser::document).toList();
  }

  /**
   * With one more, unless there are as many newer ones, or one that builds upon it; without those
   * that it builds upon itself.
   */
  Conflicts with(Document loser) {
    String hash = loser.hash();
    if (losers.stream().anyMatch(l -> l.hash().equals(hash) || l.ancestors().contains(hash))) {
      return this;
    }
    List<Loser> more = new ArrayList<>(settledBy(loser).losers);
    more.add(Loser.of(loser));
    more.sort(NEWEST_FIRST);
    Map<DocumentType, Integer> kept = new EnumMap<>(DocumentType.class);
    more.removeIf(l -> kept.merge(l.type(), 1, Integer::sum) > Documents.MAX_CONFLICTS);
    return new Conflicts(more);
  }

  /** Without those that this document builds upon, and without itself. */
  Conflicts settledBy(Document document) {
    return new Conflicts(
        losers.stream()
            .filter(
                loser ->
                    loser.type() != document.type()
                        || !document.ancestors().contains(loser.hash())
                            && !document.hash().equals(loser.hash()))
            .toList());
  }

  /** All of them as one value to be kept. */
  List<byte[]> compressed() {
    return losers.stream().map(Loser::compressed).toList();
  }
}

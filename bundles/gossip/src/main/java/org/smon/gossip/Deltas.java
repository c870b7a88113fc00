// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.wire.Parcel;
import org.smon.wire.TextDelta;

/**
 * How the held documents came to be: what each adoption changed, as far as little memory reaches.
 * So who lags a few versions behind is sent those changes and not 15,000 machines. Any thread.
 */
final class Deltas {
  /** Of a type; a list with more changes than that is sent whole, compressed. */
  private static final int KEPT_CHARS = 64 << 10;

  private final Map<DocumentType, Deque<Step>> steps = new EnumMap<>(DocumentType.class);
  private final Map<DocumentType, Document> newest = new EnumMap<>(DocumentType.class);

  /** From one held document, by its hash, to the next. */
  private record Step(String from, String to, String delta) {}

  Deltas(Documents documents) {
    for (DocumentType type : DocumentType.values()) {
      documents.held(type).ifPresent(document -> newest.put(type, document));
    }
  }

  synchronized void adopted(Document document) {
    Document before = newest.put(document.type(), document);
    if (before != null) {
      String delta = TextDelta.between(before.text(), document.text());
      Deque<Step> line = steps.computeIfAbsent(document.type(), type -> new ArrayDeque<>());
      line.addLast(new Step(before.hash(), document.hash(), delta));
      while (line.stream().mapToInt(step -> step.delta().length()).sum() > KEPT_CHARS) {
        line.removeFirst();
      }
    }
  }

  /** The document for one who holds the version before it, or who knows what. */
  Optional<Parcel> lastStep(Document held) {
    Step last = line(held.type()).peekLast();
    return last != null && last.to().equals(held.hash())
        ? Optional.of(Parcel.by(List.of(last.delta()), last.from(), held))
        : Optional.empty();
  }

  /**
   * The document for one who holds another one of its type.
   *
   * @param have its hash, or null for none
   */
  Parcel since(String have, Document held) {
    List<String> chain = new ArrayList<>();
    String at = null;
    for (Step step : line(held.type())) {
      if (step.from().equals(have) && chain.isEmpty()) {
        at = have;
      }
      if (step.from().equals(at)) {
        chain.add(step.delta());
        at = step.to();
      }
    }
    return held.hash().equals(at) ? Parcel.by(chain, have, held) : Parcel.whole(held);
  }

  private synchronized Deque<Step> line(DocumentType type) {
    return new ArrayDeque<>(steps.getOrDefault(type, new ArrayDeque<>()));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smon.api.DocumentType;
import org.smon.api.State;

/**
 * Types of which this home has signed something that is not yet on enough machines' disks. Noted
 * before the document itself is kept, so that a crash in between costs one needless offer.
 */
final class Unacknowledged {
  private static final String NAME = "unacknowledged";

  private final State state;

  Unacknowledged(State state) {
    this.state = state;
  }

  List<DocumentType> types() {
    try {
      String words =
          state.read(NAME).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
      return Arrays.stream(DocumentType.values())
          .filter(type -> words.lines().anyMatch(type.word()::equals))
          .toList();
    } catch (IOException e) {
      return List.of(DocumentType.SETTINGS, DocumentType.LIST, DocumentType.LIVETAG);
    }
  }

  /** False if it was among them. */
  boolean add(DocumentType type) {
    List<DocumentType> types = new ArrayList<>(types());
    if (types.contains(type)) {
      return false;
    }
    types.add(type);
    write(types);
    return true;
  }

  void remove(DocumentType type) {
    List<DocumentType> types = new ArrayList<>(types());
    if (types.remove(type)) {
      write(types);
    }
  }

  private void write(List<DocumentType> types) {
    StringBuilder words = new StringBuilder();
    types.forEach(type -> words.append(type.word()).append('\n'));
    try {
      state.write(NAME, words.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

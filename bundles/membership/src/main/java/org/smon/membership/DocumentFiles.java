// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.State;

/**
 * Documents on disk: {@code doc-TYPE} as whole text, which the dispatcher's shell reads too, its
 * previous generation beside it, and the machine list as a compressed replica as well (R30).
 */
final class DocumentFiles {
  private static final System.Logger LOG = System.getLogger(DocumentFiles.class.getName());
  private static final String GENESIS = "doc-genesis";
  private static final String REPLICA = "list.gz";
  private static final String CONFLICTS = "conflicts";
  private static final String PREVIOUS = ".prev";

  private final State state;

  DocumentFiles(State state) {
    this.state = state;
  }

  /**
   * A copy of a document as it stands on disk.
   *
   * @param document null if it is damaged
   * @param damage one line, or null
   */
  record Copy(String file, Document document, String damage) {}

  /** The document that founds the overlay, or what can be read of it anywhere. */
  List<Copy> genesis() throws IOException {
    List<Copy> copies = generations(GENESIS);
    for (Copy copy : generations(name(DocumentType.SETTINGS))) {
      if (copy.document() != null && copy.document().overlay() == null) {
        copies.add(copy);
      }
    }
    return copies;
  }

  /** Twice, for it never changes, and would have no generation before it. */
  void writeGenesis(Document genesis) throws IOException {
    state.write(GENESIS, bytes(genesis));
    state.write(GENESIS, bytes(genesis));
  }

  void write(Document document) throws IOException {
    if (document.type() == DocumentType.LIST) {
      state.write(REPLICA, Packed.of(document.text()));
    }
    state.write(name(document.type()), bytes(document));
  }

  /** Every copy of a type: what was written last, the generation before, the replica. */
  List<Copy> copies(DocumentType type) throws IOException {
    List<Copy> copies = generations(name(type));
    if (type == DocumentType.LIST) {
      replica().ifPresent(copies::add);
    }
    return copies;
  }

  private List<Copy> generations(String name) throws IOException {
    List<Copy> copies = new ArrayList<>();
    for (String file : List.of(name, name + PREVIOUS)) {
      state.read(file).ifPresent(bytes -> copies.add(copy(file, bytes)));
    }
    return copies;
  }

  /** Each with its length in four bytes before it. */
  void writeConflicts(Conflicts conflicts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (byte[] compressed : conflicts.compressed()) {
      out.writeInt(compressed.length);
      out.write(compressed);
    }
    state.write(CONFLICTS, bytes.toByteArray());
  }

  /** What can be read of them; one damaged on disk comes again from others. */
  List<Document> conflicts() {
    List<Document> conflicts = new ArrayList<>();
    try {
      byte[] value = state.read(CONFLICTS).orElse(new byte[0]);
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
      while (in.available() > 0) {
        conflicts.add(Document.parse(Packed.text(in.readNBytes(in.readInt()))));
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      LOG.log(System.Logger.Level.WARNING, "the conflicts are damaged: {0}", e.getMessage());
    }
    return conflicts;
  }

  private Optional<Copy> replica() {
    try {
      return state
          .read(REPLICA)
          .map(Packed::text)
          .map(text -> copy(REPLICA, text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException | UncheckedIOException e) {
      return Optional.of(new Copy(REPLICA, null, e.getMessage()));
    }
  }

  private static Copy copy(String file, byte[] text) {
    try {
      return new Copy(file, Document.parse(new String(text, StandardCharsets.UTF_8)), null);
    } catch (InvalidInputException e) {
      return new Copy(file, null, e.getMessage());
    }
  }

  private static String name(DocumentType type) {
    return "doc-" + type.word();
  }

  private static byte[] bytes(Document document) {
    return document.text().getBytes(StandardCharsets.UTF_8);
  }
}

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

  private final State state;

  DocumentFiles(State state) {
    this.state = state;
  }

  Optional<Document> genesis() throws IOException {
    return parsed(GENESIS, state.read(GENESIS));
  }

  void writeGenesis(Document genesis) throws IOException {
    state.write(GENESIS, bytes(genesis));
  }

  void write(Document document) throws IOException {
    if (document.type() == DocumentType.LIST) {
      state.write(REPLICA, Packed.of(document.text()));
    }
    state.write(name(document.type()), bytes(document));
  }

  /** Every readable copy of a type, the newest generation first. */
  List<Document> copies(DocumentType type) throws IOException {
    String name = name(type);
    List<Document> copies = new ArrayList<>();
    parsed(name, state.read(name)).ifPresent(copies::add);
    String previous = name + ".prev";
    parsed(previous, state.read(previous)).ifPresent(copies::add);
    if (type == DocumentType.LIST) {
      parsed(REPLICA, replica()).ifPresent(copies::add);
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

  private Optional<byte[]> replica() {
    try {
      Optional<byte[]> compressed = state.read(REPLICA);
      return compressed.map(Packed::text).map(text -> text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.WARNING, "the compressed list is damaged: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Document> parsed(String name, Optional<byte[]> text) {
    try {
      return text.map(bytes -> Document.parse(new String(bytes, StandardCharsets.UTF_8)));
    } catch (InvalidInputException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} is damaged: {1}", name, e.getMessage());
      return Optional.empty();
    }
  }

  private static String name(DocumentType type) {
    return "doc-" + type.word();
  }

  private static byte[] bytes(Document document) {
    return document.text().getBytes(StandardCharsets.UTF_8);
  }
}

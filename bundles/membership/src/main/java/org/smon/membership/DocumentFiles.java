// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
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
      state.write(REPLICA, compressed(bytes(document)));
    }
    state.write(name(document.type()), bytes(document));
  }

  /** Every readable copy of a type, the newest generation first. */
  List<Document> copies(DocumentType type) throws IOException {
    String name = name(type);
    List<Document> copies = new java.util.ArrayList<>();
    parsed(name, state.read(name)).ifPresent(copies::add);
    String previous = name + ".prev";
    parsed(previous, state.read(previous)).ifPresent(copies::add);
    if (type == DocumentType.LIST) {
      parsed(REPLICA, replica()).ifPresent(copies::add);
    }
    return copies;
  }

  private Optional<byte[]> replica() {
    try {
      Optional<byte[]> compressed = state.read(REPLICA);
      return compressed.isPresent() ? Optional.of(expanded(compressed.get())) : Optional.empty();
    } catch (IOException e) {
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

  static byte[] compressed(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new BestGzip(bytes)) {
      out.write(text);
    }
    return bytes.toByteArray();
  }

  private static byte[] expanded(byte[] compressed) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}

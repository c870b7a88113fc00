// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.smon.api.Document;
import org.smon.api.InvalidInputException;

/**
 * A document on its way (R2, R30): compressed, and told by one that the other side holds if that is
 * less. Transport only: what is signed is the whole text, which is put together again before
 * anything is verified.
 *
 * @param type the document type's word
 * @param hash of the document that comes out
 * @param base hash of the held document that the content builds upon, or null
 * @param content gzip of the whole text, or, with a base, of deltas; null to tell of it only
 */
public record Parcel(String type, long counter, String hash, String base, byte[] content) {
  private static final int MAX_BYTES = 16 << 20;

  /** Tells that this document is held, for one that may have it already. */
  public static Parcel notice(Document document) {
    return of(document, null, null);
  }

  public static Parcel whole(Document document) {
    return of(document, null, document.text());
  }

  /** By what changed since the base, if that is less. */
  public static Parcel between(Document base, Document document) {
    return by(List.of(TextDelta.between(base.text(), document.text())), base.hash(), document);
  }

  /** By deltas of which each builds upon the one before; whole if that is less. */
  public static Parcel by(List<String> deltas, String base, Document document) {
    String chain = String.join("", deltas);
    return chain.length() < document.text().length() ? of(document, base, chain) : whole(document);
  }

  private static Parcel of(Document document, String base, String content) {
    return new Parcel(
        document.type().word(),
        document.counter(),
        document.hash(),
        base,
        content == null ? null : packed(content));
  }

  public boolean tellsOnly() {
    return content == null;
  }

  /**
   * The document, not yet verified; throws {@link InvalidInputException} if this is not what the
   * parcel says it is.
   *
   * @param held the document whose hash is the base; unused without one
   */
  public Document open(Document held) {
    String text = unpacked(content);
    Document document = Document.parse(base == null ? text : TextDelta.apply(held.text(), text));
    if (!document.hash().equals(hash)) {
      throw new InvalidInputException("a parcel holds another document than it says");
    }
    return document;
  }

  private static byte[] packed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static String unpacked(byte[] packed) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] text = in.readNBytes(MAX_BYTES + 1);
      if (text.length > MAX_BYTES) {
        throw new InvalidInputException("a parcel holds more than a document may have");
      }
      return new String(text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InvalidInputException("a parcel is damaged: " + e.getMessage());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parcel that
        && Objects.equals(type, that.type)
        && counter == that.counter
        && Objects.equals(hash, that.hash)
        && Objects.equals(base, that.base)
        && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, counter, hash, base, Arrays.hashCode(content));
  }
}

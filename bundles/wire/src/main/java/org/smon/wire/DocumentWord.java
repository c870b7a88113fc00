// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.smon.api.Document;
import org.smon.api.InvalidInputException;

/**
 * A signed document as one word of a command line: its text, compressed, in base64 of letters,
 * digits, {@code -} and {@code _}. So a shell that holds no operator's key can be handed what an
 * operator signed elsewhere (R40).
 */
public final class DocumentWord {
  /** What stage 0 takes as a document too. */
  private static final int MOST_BYTES = 16 << 20;

  private DocumentWord() {}

  public static String of(Document document) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(document.text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /** Throws {@link InvalidInputException} with one line if the word is none of these. */
  public static Document parse(String word) {
    try (InputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getUrlDecoder().decode(word)))) {
      byte[] text = in.readNBytes(MOST_BYTES + 1);
      if (text.length > MOST_BYTES) {
        throw new InvalidInputException("the signed document is too long");
      }
      return Document.parse(new String(text, StandardCharsets.UTF_8));
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "this is not a signed document as `smon shell` sends one, or it was cut on the way");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A piece of replicated state that the operator signed (R40): settings, machine list, livetag,
 * release. Its canonical text is what is hashed and signed; the whole text adds the signatures.
 *
 * <pre>
 * smon document 1
 * type list
 * overlay 64 hex digits, or - in the first settings document, whose hash is the overlay id
 * counter 3
 * issued 2026-11-23T10:00:00Z
 * ancestors hash,hash          newest first, at most 64, or -
 * body 123                     UTF-8 bytes that follow
 * ...
 * signature publicKey signature   base64, after the body; not part of the canonical text
 * </pre>
 *
 * @param overlay the overlay's id, or null in the genesis document
 * @param counter 1 and up; the order among documents of a type
 * @param issued when it was signed, to be shown; never used to order or expire
 */
public record Document(
    DocumentType type,
    String overlay,
    long counter,
    List<String> ancestors,
    Instant issued,
    String body,
    List<Seal> seals) {
  /** Ancestors a document names, to tell an update from a conflict. */
  public static final int MAX_ANCESTORS = 64;

  /** So many versions back a full line reaches although a settled conflict took up to 16 places. */
  private static final int SURELY_NAMED = 48;

  private static final String HEADER = "smon document 1";

  /**
   * A signature.
   *
   * @param publicKey the signer's X.509-encoded Ed25519 public key in base64
   * @param signature base64
   */
  public record Seal(String publicKey, String signature) {
    public static Seal of(byte[] signed, PrivateKey key, PublicKey publicKey) {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(signed);
        Base64.Encoder base64 = Base64.getEncoder();
        return new Seal(
            base64.encodeToString(publicKey.getEncoded()), base64.encodeToString(signature.sign()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("cannot sign with this operator key", e);
      }
    }

    /** True if one of the given keys made this signature over these bytes. */
    public boolean isBy(List<String> operators, byte[] signed) {
      return publicKey != null
          && signature != null
          && operators.contains(publicKey)
          && verifies(signed);
    }

    private boolean verifies(byte[] signed) {
      try {
        byte[] encoded = Base64.getDecoder().decode(publicKey);
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        check.update(signed);
        return check.verify(Base64.getDecoder().decode(signature));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        return false;
      }
    }
  }

  public Document {
    ancestors = List.copyOf(ancestors);
    seals = List.copyOf(seals);
    if (counter < 1 || ancestors.size() > MAX_ANCESTORS) {
      throw new InvalidInputException(
          "document " + type.word() + " has a counter or ancestors out of range");
    }
  }

  /** The first settings document of an overlay, unsigned; its hash becomes the overlay's id. */
  public static Document genesis(String settingsBody, Instant issued) {
    return new Document(DocumentType.SETTINGS, null, 1, List.of(), issued, settingsBody, List.of());
  }

  /** The first document of a type in an overlay, unsigned. */
  public static Document first(DocumentType type, String overlay, String body, Instant issued) {
    return new Document(type, overlay, 1, List.of(), issued, body, List.of());
  }

  /** The next document after this one, unsigned. */
  public Document next(String newBody, Instant newIssued) {
    return next(newBody, newIssued, List.of());
  }

  /**
   * The next document after this one and after those that lost against it, unsigned: naming them
   * settles the conflict (T5).
   *
   * @param settled hashes of the losers
   */
  public Document next(String newBody, Instant newIssued, List<String> settled) {
    List<String> line = new ArrayList<>();
    line.add(hash());
    line.addAll(settled);
    line.addAll(ancestors);
    List<String> last = line.subList(0, Math.min(line.size(), MAX_ANCESTORS));
    return new Document(type, overlayId(), counter + 1, last, newIssued, newBody, List.of());
  }

  /** This document with one more signature. */
  public Document signedBy(PrivateKey key, PublicKey publicKey) {
    List<Seal> more = new ArrayList<>(seals);
    more.add(Seal.of(canonicalBytes(), key, publicKey));
    return new Document(type, overlay, counter, ancestors, issued, body, more);
  }

  /** True if one of the given operators (base64 X.509 Ed25519 keys) signed this very text. */
  public boolean signedByAny(List<String> operators) {
    byte[] signed = canonicalBytes();
    return seals.stream().anyMatch(seal -> seal.isBy(operators, signed));
  }

  /** What is signed and hashed. */
  public String canonicalText() {
    return """
        %s
        type %s
        overlay %s
        counter %d
        issued %s
        ancestors %s
        body %d
        %s"""
        .formatted(
            HEADER,
            type.word(),
            overlay == null ? "-" : overlay,
            counter,
            issued,
            ancestors.isEmpty() ? "-" : String.join(",", ancestors),
            body.getBytes(StandardCharsets.UTF_8).length,
            body);
  }

  private byte[] canonicalBytes() {
    return canonicalText().getBytes(StandardCharsets.UTF_8);
  }

  /** Hex SHA-256 of the canonical text. */
  public String hash() {
    return HexFormat.of().formatHex(Hashes.sha256().digest(canonicalBytes()));
  }

  /** The overlay this document belongs to; the genesis belongs to the one it founds. */
  public String overlayId() {
    return overlay == null ? hash() : overlay;
  }

  public Version version() {
    return new Version(counter, hash());
  }

  /** Canonical text and signatures: what is stored and sent. */
  public String text() {
    StringBuilder text = new StringBuilder(canonicalText());
    for (Seal seal : seals) {
      text.append("signature ")
          .append(seal.publicKey())
          .append(' ')
          .append(seal.signature())
          .append('\n');
    }
    return text.toString();
  }

  /**
   * True if this one replaces the held one: the higher counter, then (livetag: false), the lower
   * hash.
   */
  public boolean supersedes(Document held) {
    if (counter != held.counter) {
      return counter > held.counter;
    }
    if (type == DocumentType.LIVETAG) {
      boolean mine = Livetag.ofBody(body).value();
      if (mine != Livetag.ofBody(held.body).value()) {
        return !mine;
      }
    }
    return hash().compareTo(held.hash()) < 0;
  }

  /**
   * True if this one does not build upon an older one: two operators edited from the same version
   * (T5). Of one so old that this document's line of ancestors may have been cut before it, false.
   */
  public boolean leavesOut(Document older) {
    boolean lineIsWhole = ancestors.size() < MAX_ANCESTORS;
    return !ancestors.contains(older.hash())
        && (lineIsWhole || older.counter >= counter - SURELY_NAMED);
  }

  /** Reads {@link #text()}. */
  public static Document parse(String text) {
    try {
      Document document = new DocumentReader(text).read();
      if (!document.text().equals(text)) { // one meaning, one text: what was signed is what is kept
        throw new InvalidInputException("the document is not in its canonical form");
      }
      return document;
    } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeParseException e) {
      throw new InvalidInputException(
          "this is not a whole SMON document: " + Names.quote(text.lines().findFirst().orElse("")));
    }
  }

  /** Walks the text line by line up to the body, whose length in bytes the last line gives. */
  private static final class DocumentReader {
    private final byte[] bytes;
    private int position;

    DocumentReader(String text) {
      bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    Document read() {
      if (!line().equals(HEADER)) {
        throw new InvalidInputException("this is not an SMON document of version 1");
      }
      DocumentType type = DocumentType.ofWord(field("type"));
      String overlay = orNull(field("overlay"));
      if (overlay != null) {
        Names.requireHash(overlay);
      }
      long counter = Long.parseLong(field("counter"));
      Instant issued = Instant.parse(field("issued"));
      String ancestors = field("ancestors");
      int length = Integer.parseInt(field("body"));
      String body = take(length);
      List<Seal> seals = new ArrayList<>();
      while (position < bytes.length) {
        String[] part = field("signature").split(" ", -1);
        seals.add(new Seal(part[0], part[1]));
      }
      List<String> line = ancestors.equals("-") ? List.of() : List.of(ancestors.split(","));
      line.forEach(Names::requireHash);
      return new Document(type, overlay, counter, line, issued, body, seals);
    }

    private String field(String name) {
      String line = line();
      if (!line.startsWith(name + " ")) {
        throw new InvalidInputException(
            "document line " + Names.quote(line) + " should start with '" + name + "'");
      }
      return line.substring(name.length() + 1);
    }

    private String line() {
      int end = position;
      while (bytes[end] != '\n') {
        end++;
      }
      String line = new String(bytes, position, end - position, StandardCharsets.UTF_8);
      position = end + 1;
      return line;
    }

    private String take(int length) {
      if (length < 0 || length > bytes.length - position) {
        throw new InvalidInputException("document body is cut short");
      }
      String taken = new String(bytes, position, length, StandardCharsets.UTF_8);
      position += length;
      return taken;
    }

    private static String orNull(String field) {
      return field.equals("-") ? null : field;
    }
  }
}

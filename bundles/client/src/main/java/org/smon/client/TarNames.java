// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Which files a tar.gz holds, by their names alone; nothing is unpacked. */
final class TarNames {
  private static final int BLOCK = 512;
  private static final int MAX_NAME_BYTES = 1 << 16;

  private final InputStream tar;
  private final Set<String> names = new LinkedHashSet<>();
  private String longName;

  private TarNames(InputStream tar) {
    this.tar = tar;
  }

  static Set<String> of(InputStream archive) throws IOException {
    TarNames reader = new TarNames(new GZIPInputStream(archive, 1 << 16));
    while (reader.next()) {
      continue;
    }
    return reader.names;
  }

  /** One header and what belongs to it; false at the end, which is a block of zeros. */
  private boolean next() throws IOException {
    byte[] header = new byte[BLOCK];
    if (tar.readNBytes(header, 0, BLOCK) < BLOCK) {
      throw new EOFException("the archive is cut short");
    }
    if (header[0] == 0) {
      return false;
    }
    long size = octal(header);
    switch (header[156]) {
      case 'L' -> longName = text(content(size), 0, (int) size);
      case 'x' -> longName = paxPath(content(size));
      default -> {
        names.add(longName == null ? shortName(header) : longName);
        longName = null;
        tar.skipNBytes(padded(size));
      }
    }
    return true;
  }

  private byte[] content(long size) throws IOException {
    if (size > MAX_NAME_BYTES) {
      throw new IOException("the archive has a name of " + size + " bytes");
    }
    byte[] content = new byte[(int) padded(size)];
    tar.readNBytes(content, 0, content.length);
    return Arrays.copyOf(content, (int) size);
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static long octal(byte[] header) throws IOException {
    try {
      return Long.parseLong(text(header, 124, 12).strip(), 8);
    } catch (NumberFormatException e) {
      throw new IOException("this is no tar archive", e);
    }
  }

  /** ustar splits a name over 100 bytes at a slash. */
  private static String shortName(byte[] header) {
    String name = text(header, 0, 100);
    boolean ustar = text(header, 257, 6).equals("ustar");
    String prefix = ustar ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** Of lines {@code LENGTH key=value}. */
  private static String paxPath(byte[] records) {
    return new String(records, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.matches("[0-9]+ path=.*"))
        .map(line -> line.substring(line.indexOf('=') + 1))
        .findFirst()
        .orElse(null);
  }

  private static String text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** As much of ASN.1 DER as a certificate needs. */
final class Der {
  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, parts);
  }

  static byte[] set(byte[]... parts) {
    return tagged(0x31, parts);
  }

  /** A context-specific constructed tag, [number]. */
  static byte[] context(int number, byte[]... parts) {
    return tagged(0xa0 + number, parts);
  }

  /** A non-negative integer of big-endian bytes. */
  static byte[] integer(byte... value) {
    boolean sign = value[0] < 0;
    return sign ? tagged(0x02, new byte[1], value) : tagged(0x02, value);
  }

  /** An object identifier, already encoded. */
  static byte[] oid(int... encoded) {
    byte[] bytes = new byte[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      bytes[i] = (byte) encoded[i];
    }
    return tagged(0x06, bytes);
  }

  static byte[] yes() {
    return tagged(0x01, new byte[] {(byte) 0xff});
  }

  static byte[] octets(byte[] content) {
    return tagged(0x04, content);
  }

  /** Whole bytes, no unused bits. */
  static byte[] bits(byte[] content) {
    return tagged(0x03, new byte[1], content);
  }

  static byte[] utf8(String text) {
    return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  /** YYMMDDhhmmssZ, for years before 2050. */
  static byte[] utcTime(String text) {
    return tagged(0x17, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** YYYYMMDDhhmmssZ. */
  static byte[] time(String text) {
    return tagged(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    length(whole, content.size());
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }

  private static void length(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator's word that another one's signatures count too. It stays in the settings after the
 * operator who gave it has left, so that a machine that was off for several changes of operators
 * can follow from those it knows to those in force (R40).
 *
 * @param subject base64 X.509 Ed25519 key of the operator who was added
 * @param by the signature of one who counted then
 */
public record Voucher(String subject, Document.Seal by) {
  public static Voucher of(
      String overlay, String subject, PrivateKey operator, PublicKey publicKey) {
    return new Voucher(subject, Document.Seal.of(bytes(overlay, subject), operator, publicKey));
  }

  /** The operators in force, and whom they vouched for, directly or through others. */
  public static List<String> closure(
      List<String> operators, List<Voucher> vouchers, String overlay) {
    List<String> counting = new ArrayList<>(operators);
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Voucher voucher : vouchers) {
        grown |=
            !counting.contains(voucher.subject)
                && voucher.by.isBy(counting, bytes(overlay, voucher.subject))
                && counting.add(voucher.subject);
      }
    }
    return counting;
  }

  private static byte[] bytes(String overlay, String subject) {
    return String.join("\n", "smon operator 1", overlay, subject).getBytes(StandardCharsets.UTF_8);
  }

  /** {@code subject operator signature}. */
  String line() {
    return subject + " " + by.publicKey() + " " + by.signature();
  }

  static Voucher ofLine(String line) {
    String[] part = line.split(" ", -1);
    if (part.length != 3) {
      throw new InvalidInputException(
          "voucher line " + Names.quote(line) + " does not have 3 fields");
    }
    return new Voucher(part[0], new Document.Seal(part[1], part[2]));
  }
}

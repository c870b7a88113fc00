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
 * can follow from those it knows to those in force (R40). Who has heard of the addition needs no
 * voucher any more, and takes none: else one who was removed could come back by it.
 *
 * @param counter of the settings that added the subject
 * @param subject base64 X.509 Ed25519 key of the operator who was added
 * @param by the signature of one who counted then
 */
public record Voucher(long counter, String subject, Document.Seal by) {
  public static Voucher of(
      String overlay, long counter, String subject, PrivateKey operator, PublicKey publicKey) {
    byte[] bytes = bytes(overlay, counter, subject);
    return new Voucher(counter, subject, Document.Seal.of(bytes, operator, publicKey));
  }

  /**
   * The operators in force, and whom they vouched for, directly or through others.
   *
   * @param held counter of the settings that name these operators
   */
  public static List<String> closure(
      List<String> operators, long held, List<Voucher> vouchers, String overlay) {
    List<String> counting = new ArrayList<>(operators);
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Voucher voucher : vouchers) {
        grown |=
            voucher.counter > held
                && !counting.contains(voucher.subject)
                && voucher.by.isBy(counting, bytes(overlay, voucher.counter, voucher.subject))
                && counting.add(voucher.subject);
      }
    }
    return counting;
  }

  private static byte[] bytes(String overlay, long counter, String subject) {
    return String.join("\n", "smon operator 1", overlay, Long.toString(counter), subject)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** {@code counter subject operator signature}. */
  String line() {
    return counter + " " + subject + " " + by.publicKey() + " " + by.signature();
  }

  static Voucher ofLine(String line) {
    String[] part = line.split(" ", -1);
    if (part.length != 4 || !part[0].matches("[0-9]{1,18}")) {
      throw new InvalidInputException(
          "voucher line " + Names.quote(line) + " is not 'counter subject operator signature'");
    }
    return new Voucher(Long.parseLong(part[0]), part[1], new Document.Seal(part[2], part[3]));
  }
}

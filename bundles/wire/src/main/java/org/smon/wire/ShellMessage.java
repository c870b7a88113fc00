// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import org.smon.api.Document;

/** The remote Karaf shell (`smon shell`): each line is signed by an operator and runs once. */
public final class ShellMessage {
  private ShellMessage() {}

  /** The peer's nonce for a session; lines are numbered from 1. */
  public record Greeting(String peer, String nonce) {}

  /**
   * @param seal the operator's signature over overlay, peer, nonce, sequence and line
   */
  public record Line(String nonce, long sequence, String line, Document.Seal seal) {
    /** A line signed for one peer, one session and one place in it, so that it runs once. */
    public static Line signed(
        String overlay,
        Greeting greeting,
        long sequence,
        String line,
        PrivateKey key,
        PublicKey publicKey) {
      byte[] bytes = bytes(overlay, greeting.peer(), greeting.nonce(), sequence, line);
      return new Line(greeting.nonce(), sequence, line, Document.Seal.of(bytes, key, publicKey));
    }

    /** True if one of the operators signed this line for this overlay and peer. */
    public boolean isBy(List<String> operators, String overlay, String peer) {
      return seal != null && seal.isBy(operators, bytes(overlay, peer, nonce, sequence, line));
    }

    /** Only the last part may hold a newline, so no two meanings share these bytes. */
    private static byte[] bytes(
        String overlay, String peer, String nonce, long sequence, String line) {
      String text =
          String.join("\n", "smon shell 1", overlay, peer, nonce, Long.toString(sequence), line);
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * @param output what the command printed
   * @param error one line if it failed, else null
   */
  public record Output(String output, String error) {}
}

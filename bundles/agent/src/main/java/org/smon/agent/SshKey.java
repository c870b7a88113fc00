// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.smon.api.InvalidInputException;
import org.smon.api.Names;

/**
 * A key the agent can sign with; the private half stays behind this interface (R34). Any thread;
 * signing may block on an ssh-agent's socket.
 */
public interface SshKey {
  /** The OpenSSH line: type, base64, comment. */
  String publicLine();

  /** Signs as RFC 4252 wants; returns {@code string algorithm, string signature}. */
  byte[] sign(String algorithm, byte[] data) throws IOException;

  /** True if the line names the same key, whatever its comment. */
  default boolean is(String publicLine) {
    return Arrays.equals(blob(publicLine()), blob(publicLine));
  }

  /** The key in ssh wire format. */
  static byte[] blob(String publicLine) {
    String[] part = publicLine.strip().split(" ");
    try {
      return Base64.getDecoder().decode(part[1]);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new InvalidInputException(
          "public key " + Names.quote(publicLine) + " is not an OpenSSH line");
    }
  }
}

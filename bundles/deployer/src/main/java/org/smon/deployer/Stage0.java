// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The script at the far end of a visit, and the one command that starts it. */
final class Stage0 {
  /**
   * Every command line is padded to this, so that the far end reads without looking for its end.
   */
  static final int COMMAND_BYTES = 1024;

  static final byte[] TEXT = load();

  /**
   * Not a word of it is data. A script that arrives cut short is not begun. sshd ignores it for an
   * enrolment key, whose forced command is the same script on the machine's disk.
   */
  static final String COMMAND =
      ("exec timeout -k 5 900 sh -c 'script=$(timeout --foreground 20 head -c %d)"
              + " && [ ${#script} -eq %d ] && eval \"$script\"' smon-stage0")
          .formatted(TEXT.length, TEXT.length - 1);

  private Stage0() {}

  static byte[] command(String line) {
    byte[] text = line.getBytes(StandardCharsets.US_ASCII);
    if (text.length >= COMMAND_BYTES) {
      throw new IllegalArgumentException("command too long");
    }
    byte[] padded = new byte[COMMAND_BYTES];
    java.util.Arrays.fill(padded, (byte) ' ');
    System.arraycopy(text, 0, padded, 0, text.length);
    padded[COMMAND_BYTES - 1] = '\n';
    return padded;
  }

  private static byte[] load() {
    try (InputStream script = Stage0.class.getResourceAsStream("stage0.sh")) {
      return script.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

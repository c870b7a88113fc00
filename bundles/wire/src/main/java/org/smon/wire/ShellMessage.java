// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import org.smon.api.Document;

/** The remote Karaf shell (`smon shell`): each line is signed by an operator and runs once. */
public final class ShellMessage {
  private ShellMessage() {}

  /** The peer's nonce for a session; lines are numbered from 1. */
  public record Greeting(String peer, String nonce) {}

  /**
   * @param seal the operator's signature over overlay, peer, nonce, sequence and line
   */
  public record Line(String nonce, long sequence, String line, Document.Seal seal) {}

  /**
   * @param output what the command printed
   * @param error one line if it failed, else null
   */
  public record Output(String output, String error) {}
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

/**
 * How long a visit waits for what, and whom it trusts.
 *
 * @param connectMillis for the TCP connection and the key exchange, each
 * @param loginMillis for the login, the agent's signature included
 * @param answerMillis for an answer of stage 0 that needs no heavy work
 * @param installMillis for unpacking the release
 * @param startSeconds until a started peer has to show its first heartbeat
 * @param allowFirstUse log in to a machine without a pinned host key, if the agent signs for that
 */
public record Limits(
    int connectMillis,
    int loginMillis,
    int answerMillis,
    int installMillis,
    int startSeconds,
    boolean allowFirstUse) {
  /** Connect 5 s, log in 10 s, first heartbeat 60 s, pinned hosts only. */
  public static final Limits DEFAULT = new Limits(5_000, 10_000, 75_000, 300_000, 60, false);

  /** These limits for a client that may make first contact. */
  public Limits withFirstUse(boolean allowed) {
    return new Limits(
        connectMillis, loginMillis, answerMillis, installMillis, startSeconds, allowed);
  }
}

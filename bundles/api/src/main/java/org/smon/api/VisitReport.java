// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

/**
 * How a visit ended. Loss and refusal are values here, never exceptions.
 *
 * @param step where it ended; START or CLEAN after success
 * @param reason one line for people, or null after success
 * @param sentBytes payload bytes sent by this visit
 */
public record VisitReport(
    String machine, Outcome outcome, Step step, String reason, long millis, long sentBytes) {
  public enum Outcome {
    /** A peer was installed and started. */
    DEPLOYED,
    /** An installed peer was started again. */
    RECOVERED,
    /** Nothing of the overlay is left there, or nothing ever was. */
    CLEANED,
    /** A live peer was found; nothing was touched. */
    ALIVE,
    /** Another deployer holds the machine's claim. */
    BUSY,
    /** The deployer turned out older than the machine; it adopted and touched nothing. */
    OLDER,
    /** The agent or a check said no. */
    REFUSED,
    /** ssh does not answer. */
    UNREACHABLE,
    /** A step failed; the machine is clean or whole. */
    FAILED
  }

  /** The steps of R6, in order. */
  public enum Step {
    AGENT,
    CONNECT,
    HOST_KEY,
    LOGIN,
    PROBE,
    CLAIM,
    ADOPT,
    COPY,
    INSTALL,
    START,
    /** Of a visit that removes every trace. */
    CLEAN
  }

  /** True if a peer runs there now. */
  public boolean peerRuns() {
    return outcome == Outcome.DEPLOYED || outcome == Outcome.RECOVERED || outcome == Outcome.ALIVE;
  }
}

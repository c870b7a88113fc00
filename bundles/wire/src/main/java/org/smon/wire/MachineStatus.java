// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.time.Instant;
import java.util.List;

/**
 * One machine in `smon status --json`; the component names are the JSON fields.
 *
 * @param state see {@link State}
 * @param pid of the peer, or null
 * @param deployedBy "client" or the machine whose peer did it, or null
 * @param copies times the payload was sent there since the last wipe
 * @param attempts claims tried there since the last wipe
 * @param lastSeenMillis age of the newest sign of life, or null
 * @param reason one line, or null
 * @param keyring the counter of the keyring document that the peer works by, 0 while it lacks a
 *     key, or null
 */
public record MachineStatus(
    String name,
    State state,
    Long pid,
    Instant started,
    String release,
    String releaseState,
    Long list,
    Long livetag,
    String deployedBy,
    Integer copies,
    Integer attempts,
    Long lastSeenMillis,
    String reason,
    List<AppStatus> apps,
    Long keyring) {

  public MachineStatus(
      String name,
      State state,
      Long pid,
      Instant started,
      String release,
      String releaseState,
      Long list,
      Long livetag,
      String deployedBy,
      Integer copies,
      Integer attempts,
      Long lastSeenMillis,
      String reason,
      List<AppStatus> apps) {
    this(
        name,
        state,
        pid,
        started,
        release,
        releaseState,
        list,
        livetag,
        deployedBy,
        copies,
        attempts,
        lastSeenMillis,
        reason,
        apps,
        null);
  }

  /** The lower-case words are the JSON values. */
  public enum State {
    online,
    deploying,
    recovering,
    down,
    unreachable,
    refused,
    stopped
  }

  /** An application on a machine. */
  public record AppStatus(
      String name, String version, String desired, String state, Long pid, int restarts) {}

  /**
   * The same as it is to be told while livetag is false: a machine without a peer is as it should.
   *
   * @param portOpen something still listens where the peer does, which then hangs
   */
  public MachineStatus whileSwitchedOff(boolean portOpen) {
    if (state != State.down) {
      return this;
    }
    return portOpen
        ? silent(name, State.down, "its peer has its port open, but does not answer")
        : silent(name, State.stopped, "livetag is false");
  }

  /** A machine whose peer did not answer. */
  public static MachineStatus silent(String name, State state, String reason) {
    return new MachineStatus(
        name, state, null, null, null, null, null, null, null, null, null, null, reason, List.of());
  }
}

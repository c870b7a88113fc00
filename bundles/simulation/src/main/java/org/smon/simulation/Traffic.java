// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

/**
 * What peers send, in bytes of HTTP: heads as CXF and Jetty write them, JSON as {@code wire} does,
 * with a name of 28 characters and a document of every type. Each request is counted with its
 * answer. TCP and TLS come on top.
 */
final class Traffic {
  /** Of request and answer. */
  private static final int HEADS = 225 + 126;

  /** The versions held stand in both, the overlay's id in the ping alone. */
  private static final int PING = HEADS + 689 + 612;

  private static final int PROBE = HEADS + 80 + 40;
  private static final int NOTICE = HEADS + 2 * 110;
  private static final int WORK = HEADS + 50 + 140;
  private static final int TELLING = HEADS + 150 + 90;

  private long bytes;

  void ping() {
    bytes += PING;
  }

  void probe() {
    bytes += PROBE;
  }

  void notice() {
    bytes += NOTICE;
  }

  void work() {
    bytes += WORK;
  }

  /** A document is offered to one who may have it. */
  void telling() {
    bytes += TELLING;
  }

  /** A document's text goes over; what compression and deltas save is not counted. */
  void document(Edition edition) {
    bytes += HEADS + (edition == null ? 0 : edition.bytes());
  }

  long bytes() {
    return bytes;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.Version;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * The core's only way to the world. Called on the core's thread: implementations must not block,
 * not throw, and not call back into the core before they return.
 *
 * <p>Each numbered effect is answered exactly once, with its token: {@code ping} by onPong or
 * onPingLost, {@code probe} by onProbed or onProbeLost, {@code visit} by onVisited, {@code askWork}
 * by onWork or onWorkLost. The implementer owns the time-outs. {@code fetch}, {@code push} and
 * {@code notice} are not answered; what the first two bring arrives as onDocuments.
 */
public interface Effects {
  /**
   * Pings a machine.
   *
   * @param suspected true if it is to ping back as well: its pong may come too late
   */
  void ping(long token, String machine, boolean suspected);

  /** See over ssh that a peer runs there (R3). */
  void visit(long token, Machine machine);

  /** Asks a peer to ping a third machine, which is suspected here and is to ping back (R16). */
  void probe(long token, String through, String machine);

  /**
   * Tells a warden of the machine that it is visited from here.
   *
   * @param outcome null while the visit goes on
   * @param step where it ended, or null
   */
  void notice(String to, String machine, Outcome outcome, Step step);

  /** Asks a peer for half of its remaining machines (R10). */
  void askWork(long token, String machine);

  /** Gets a document that is, or may be, newer than the held one (R2, pull). */
  void fetch(DocumentType type, Version version, String from);

  /** Offers the held document to a machine that has an older one, or none (R2, push). */
  void push(DocumentType type, String to);

  /**
   * Asks for {@code wake} at this time or soon after; replaces the wish before. Waking early or
   * often does no harm.
   */
  void wakeAt(long millis);

  /**
   * This peer is to end itself, with exit status 0, so that nothing starts it again (R27). Wanted
   * at most once, and nothing is wanted after it.
   *
   * @param cause one line for people
   */
  void stop(String cause);

  /** Something worth a line in the event log (R55). */
  void emit(String kind, String machine, String cause);
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

/** Whom to ping and visit, and when. Each input is followed by {@link #step}. */
interface Strategy {
  /**
   * @param initial the share this peer was given at its start, or null
   * @param parent the machine whose peer deployed this one, or null
   */
  void begin(long now, Work initial, String parent);

  /** A ping or a pong came from there. */
  void heard(long now, String machine, int workLeft);

  /** The pong to an own ping. */
  void answered(long now, String machine);

  /**
   * An own ping was lost.
   *
   * @param closed true if the machine itself said that nobody listens there
   */
  void silent(long now, String machine, boolean closed, String reason);

  /**
   * Asked as a warden about a machine that this peer has just pinged.
   *
   * @return for how long nobody should log in there
   */
  long asked(long now, String machine, boolean answered);

  /** What a warden said of a suspect: not answered, and 0, if it said nothing. */
  void probed(long now, String machine, boolean answered, long holdMillis);

  /**
   * Another peer visits a machine this one is a warden of.
   *
   * @param outcome null at the visit's start
   */
  void noticed(long now, String machine, Outcome outcome, Step step);

  void visited(long now, VisitReport report);

  /** The half that the asker gets, or null. */
  Work give(long now, String asker);

  /**
   * @param share null if the other has nothing to give
   */
  void given(long now, String giver, Work share);

  /** The request for work, or its answer, was lost. */
  void givenUp(long now, String giver);

  /** Other documents are held now. */
  void changed(long now);

  int workLeft();

  /** Does what is due; the time of the next step, or Long.MAX_VALUE. */
  long step(long now);
}

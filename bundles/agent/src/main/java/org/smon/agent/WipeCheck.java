// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import org.smon.api.Machine;
import org.smon.api.RefusedException;

/**
 * Looks for itself whether an enrolled machine was wiped. A requester cannot prove that sshd turned
 * the enrolment key away, and a K_E holder would say so to be given the user's own key.
 */
public interface WipeCheck {
  /** Returns if no dispatcher answers the enrolment key there; blocks for some seconds. */
  void requireWiped(Machine machine, String user) throws RefusedException;
}

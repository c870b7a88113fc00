// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a set has to offer in order to be adopted: a service of its upgrade bundle, called on
 * threads of the kernel. A call that takes longer than the order's patience counts as a refusal.
 */
@ConsumerType
public interface Candidate {
  /**
   * What is not well, or not proved yet; empty when all is. Called several times a second.
   *
   * @param baseline what the candidate that ran before said in its {@link Order}
   */
  List<Complaint> complaints(String baseline);

  /**
   * Fetches a blob as it would one of a further release: over the overlay's own channel, from this
   * very peer, which has it in its store. That is how it shows that it can serve, and accept
   * another release (R23).
   *
   * @return a file with what came
   */
  Path rehearse(String sha256, long size) throws IOException;

  /** A trial has ended; told to whichever candidate runs afterwards, at least once. */
  void told(Outcome outcome);
}

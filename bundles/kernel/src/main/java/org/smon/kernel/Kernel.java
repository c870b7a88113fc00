// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Swaps the set of bundles that runs for another one, and back if that one does not prove itself
 * (R18, R23). It belongs to the runtime and is swapped by nobody, so that it is there whatever a
 * release breaks. Any thread.
 */
@ProviderType
public interface Kernel {
  /**
   * Puts a set on trial and returns at once. The intent is on disk before. What becomes of it is
   * told to the {@link Candidate} that runs then.
   *
   * @throws IllegalStateException in one line if a trial is under way or its files are not here
   * @throws IOException if the intent cannot be kept on disk; nothing has changed then
   */
  void begin(Order order) throws IOException;

  /** The trial under way, if one is. */
  Optional<Order> trial();
}

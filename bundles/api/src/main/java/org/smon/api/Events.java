// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The event log of this process (R55). Any thread; emitting never blocks on more than a file append
 * and never throws.
 */
public interface Events {
  void emit(String kind, String machine, String cause, Map<String, String> detail);

  /**
   * Newest last, at most {@code limit}, those about the machine, or all for null, strictly after
   * {@code after}.
   */
  List<Event> query(String machine, Instant after, int limit);
}

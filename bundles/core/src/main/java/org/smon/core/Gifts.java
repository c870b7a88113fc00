// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.LinkedHashMap;
import java.util.Map;
import org.smon.api.Work;

/**
 * The halves given away lately. Who asks again at once did not get the answer, and gets the same
 * half again, so that a lost message does not lose a share. Bounded.
 */
final class Gifts {
  private static final int MOST = 8;
  private static final int SAME_AGAIN_MILLIS = 5_000;

  private final Map<String, Gift> byAsker = new LinkedHashMap<>();

  private record Gift(Work share, long at) {}

  /** Null if the asker got nothing lately. */
  Work repeated(long now, String asker) {
    Gift gift = byAsker.get(asker);
    return gift != null && now - gift.at() < SAME_AGAIN_MILLIS ? gift.share() : null;
  }

  void add(long now, String asker, Work share) {
    byAsker.remove(asker);
    byAsker.put(asker, new Gift(share, now));
    if (byAsker.size() > MOST) {
      byAsker.remove(byAsker.keySet().iterator().next());
    }
  }
}

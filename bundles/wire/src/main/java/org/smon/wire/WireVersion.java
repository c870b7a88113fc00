// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.OptionalInt;

/**
 * The range of wire versions this code speaks (R25). Two sides talk at the highest version both
 * know; a range that does not overlap is still a sign of life, never a reason to repair.
 */
public final class WireVersion {
  public static final int MIN = 1;
  public static final int MAX = 1;

  private WireVersion() {}

  /** The highest version that both sides know; empty if there is none. */
  public static OptionalInt common(int otherMin, int otherMax) {
    int highest = Math.min(MAX, otherMax);
    return highest >= Math.max(MIN, otherMin) ? OptionalInt.of(highest) : OptionalInt.empty();
  }
}

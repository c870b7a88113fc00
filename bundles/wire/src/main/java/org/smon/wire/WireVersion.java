// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

/**
 * The range of wire versions this code speaks (R25). Two sides talk at the highest version both
 * know; a range that does not overlap is still a sign of life, never a reason to repair.
 */
public final class WireVersion {
  public static final int MIN = 1;
  public static final int MAX = 1;

  private WireVersion() {}

  /** True if there is a version that both sides know. */
  public static boolean overlaps(int otherMin, int otherMax) {
    return otherMin <= MAX && otherMax >= MIN;
  }
}

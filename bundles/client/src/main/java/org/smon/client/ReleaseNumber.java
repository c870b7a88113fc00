// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;

/**
 * The version that people read, in their order: 1.0.2 before 1.0.10. Peers go by the document's
 * counter alone.
 */
record ReleaseNumber(List<String> parts) implements Comparable<ReleaseNumber> {
  static ReleaseNumber of(String version) {
    return new ReleaseNumber(List.of(version.split("[.-]")));
  }

  @Override
  public int compareTo(ReleaseNumber other) {
    for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
      int order = compare(parts.get(i), other.parts.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(parts.size(), other.parts.size());
  }

  /** Numbers before words. */
  private static int compare(String mine, String other) {
    boolean number = isNumber(mine);
    if (number && isNumber(other)) {
      return Long.compare(Long.parseLong(mine), Long.parseLong(other));
    }
    return number == isNumber(other) ? mine.compareTo(other) : number ? -1 : 1;
  }

  private static boolean isNumber(String part) {
    return part.matches("[0-9]{1,18}");
  }
}

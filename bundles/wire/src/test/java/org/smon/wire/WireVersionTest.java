// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sides talk at the highest version both know (R25). */
class WireVersionTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 2, 1", "1, 9, 1", "2, 3, 0", "0, 0, 0"})
  void theHighestVersionThatBothKnowIsSpoken(int otherMin, int otherMax, int common) {
    OptionalInt expected = common == 0 ? OptionalInt.empty() : OptionalInt.of(common);
    assertEquals(expected, WireVersion.common(otherMin, otherMax));
  }
}

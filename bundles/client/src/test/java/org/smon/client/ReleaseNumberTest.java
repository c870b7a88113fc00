// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseNumberTest {
  @ParameterizedTest
  @CsvSource({
    "1.0.0,1.0.1,-1",
    "1.0.9,1.0.10,-1",
    "1.0,1.0.0,-1",
    "1.0.0,1.0.0,0",
    "2.0.0,1.9.9,1",
    "1.0.1,1.0.rc,-1",
    "1.0.0-b,1.0.0-a,1"
  })
  void numbersCountAsNumbersAndComeBeforeWords(String one, String other, int order) {
    assertEquals(order, Integer.signum(ReleaseNumber.of(one).compareTo(ReleaseNumber.of(other))));
  }
}

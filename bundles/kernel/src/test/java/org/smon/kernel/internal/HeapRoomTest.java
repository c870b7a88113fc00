// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class HeapRoomTest {
  private final HotSpotDiagnosticMXBean java =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

  @Test
  void aTightHeapIsGivenRoomForAWhile() {
    String most = option("MaxHeapFreeRatio");
    String least = option("MinHeapFreeRatio");
    try {
      java.setVMOption("MinHeapFreeRatio", "10");
      java.setVMOption("MaxHeapFreeRatio", "20");
      HeapRoom room = HeapRoom.taken();
      assertEquals("50", option("MinHeapFreeRatio"));
      assertTrue(Integer.parseInt(option("MaxHeapFreeRatio")) > 50);
      room.giveBack();
      assertEquals("10", option("MinHeapFreeRatio"));
      assertEquals("20", option("MaxHeapFreeRatio"));
    } finally {
      java.setVMOption("MaxHeapFreeRatio", most);
      java.setVMOption("MinHeapFreeRatio", least);
    }
  }

  @Test
  void oneThatHasRoomIsLeftAsItIs() {
    String least = option("MinHeapFreeRatio");
    String most = option("MaxHeapFreeRatio");
    try {
      java.setVMOption("MaxHeapFreeRatio", "90");
      java.setVMOption("MinHeapFreeRatio", "60");
      HeapRoom room = HeapRoom.taken();
      assertEquals("60", option("MinHeapFreeRatio"));
      room.giveBack();
      assertEquals("90", option("MaxHeapFreeRatio"));
    } finally {
      java.setVMOption("MinHeapFreeRatio", least);
      java.setVMOption("MaxHeapFreeRatio", most);
    }
  }

  private String option(String name) {
    return java.getVMOption(name).getValue();
  }
}

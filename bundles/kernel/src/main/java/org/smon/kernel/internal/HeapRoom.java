// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * Keeps the heap from being as tight during a swap as it is at rest: new bundles come up beside
 * what the old ones leave, and a full collection in the middle of that is the longest time in which
 * a peer does not answer (R18). Taken before the collection that precedes the swap. A Java that
 * does not let its heap be managed is left as it is.
 */
final class HeapRoom {
  /** Not to be exceeded by the other, so the one is raised first and the other lowered first. */
  private static final String MOST_FREE = "MaxHeapFreeRatio";

  private static final String LEAST_FREE = "MinHeapFreeRatio";

  private static final int MOST_PERCENT = 70;
  private static final int LEAST_PERCENT = 50;

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Map<String, String> before = new LinkedHashMap<>();

  private HeapRoom() {
    try {
      before.put(LEAST_FREE, get(LEAST_FREE));
      before.put(MOST_FREE, get(MOST_FREE));
      if (Integer.parseInt(before.get(LEAST_FREE)) < LEAST_PERCENT) {
        set(MOST_FREE, Integer.toString(MOST_PERCENT));
        set(LEAST_FREE, Integer.toString(LEAST_PERCENT));
      }
    } catch (JMException | RuntimeException e) {
      before.clear();
    }
  }

  /** Until it is given back. */
  static HeapRoom taken() {
    return new HeapRoom();
  }

  /** As it was before. */
  void giveBack() {
    try {
      for (Map.Entry<String, String> option : before.entrySet()) {
        set(option.getKey(), option.getValue());
      }
    } catch (JMException | RuntimeException e) {
      return; // then the heap stays roomier than it was
    }
  }

  private String get(String option) throws JMException {
    String[] types = {String.class.getName()};
    Object value = server.invoke(bean(), "getVMOption", new Object[] {option}, types);
    return (String) ((CompositeData) value).get("value");
  }

  private void set(String option, String value) throws JMException {
    String text = String.class.getName();
    server.invoke(bean(), "setVMOption", new Object[] {option, value}, new String[] {text, text});
  }

  private static ObjectName bean() throws JMException {
    return new ObjectName("com.sun.management:type=HotSpotDiagnostic");
  }
}

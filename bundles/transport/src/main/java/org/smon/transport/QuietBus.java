// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.cxf.Bus;
import org.apache.cxf.bus.CXFBusFactory;
import org.apache.cxf.logging.FaultListener;

/** A CXF bus that leaves the log to us: a peer that is down is no stack trace. */
final class QuietBus {
  private static final FaultListener SILENT = (failure, description, message) -> false;

  /** Held here, for loggers nobody holds are forgotten, and their level with them. */
  private static final Logger CXF = Logger.getLogger("org.apache.cxf");

  private QuietBus() {}

  static Bus create() {
    CXF.setLevel(Level.OFF);
    Bus bus = new CXFBusFactory().createBus();
    bus.setProperty(FaultListener.class.getName(), SILENT);
    return bus;
  }
}

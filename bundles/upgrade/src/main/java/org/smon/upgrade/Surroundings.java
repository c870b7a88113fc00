// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.util.function.LongSupplier;
import org.smon.api.Blobs;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.Releases;
import org.smon.api.State;
import org.smon.kernel.Kernel;
import org.smon.wire.Connections;

/**
 * What this bundle works with: other bundles' services, and a clock.
 *
 * @param clock milliseconds from any origin, never going back
 */
record Surroundings(
    LocalPeer self,
    Documents documents,
    Releases releases,
    Blobs blobs,
    State state,
    Events events,
    Connections connections,
    Kernel kernel,
    LongSupplier clock) {

  long nowMillis() {
    return clock.getAsLong();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo.faults;

/** A component whose activation throws. */
public final class Throwing {
  public Throwing() {}

  public void activate() {
    throw new IllegalStateException("this release is broken on purpose: its activation throws");
  }
}

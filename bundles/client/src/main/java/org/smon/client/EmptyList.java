// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import org.smon.api.MachineList;

/** A slip must not take a whole overlay down: removing every machine is asked for twice. */
final class EmptyList {
  private EmptyList() {}

  static void refuse(MachineList before, MachineList next, boolean yes) {
    boolean noneStays = next.machines().stream().noneMatch(m -> before.contains(m.name()));
    if (before.size() > 0 && noneStays && !yes) {
      throw new FailedException(
          "this would remove all " + before.size() + " machines; say --yes if you mean it");
    }
  }
}

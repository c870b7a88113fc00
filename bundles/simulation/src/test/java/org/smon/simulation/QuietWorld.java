// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.core.CoreConfig;
import org.smon.core.Policy;

/** An overlay that was deployed long ago, without crashes. */
final class QuietWorld {
  private QuietWorld() {}

  static World of(int machines, long seed, double loss, double starved) {
    Options options = Options.of(machines, seed, Policy.SMON).withFaults(loss, 0, 0);
    World world = new World(options, CoreConfig.smon(), starved, 0);
    world.deployAll();
    return world;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the framework, after which Karaf's main method exits with 0. A bundle that does not stop in
 * time cannot hold the process up.
 */
final class FrameworkEnding implements Ending {
  private static final Logger LOG = LoggerFactory.getLogger(FrameworkEnding.class);
  private static final int PATIENCE_MILLIS = 20_000;

  private final BundleContext context;

  FrameworkEnding(BundleContext context) {
    this.context = context;
  }

  @Override
  public void end() {
    Thread guard = new Thread(FrameworkEnding::haltLater, "smon-end");
    guard.setDaemon(true);
    guard.start();
    try {
      context.getBundle(Constants.SYSTEM_BUNDLE_ID).stop();
    } catch (BundleException e) {
      LOG.warn("the framework does not stop: {}", e.toString());
    }
  }

  private static void haltLater() {
    try {
      Thread.sleep(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}

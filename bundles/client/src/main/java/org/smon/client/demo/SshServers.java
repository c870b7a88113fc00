// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;

/** The ssh servers of a demo's machines, one each. Both calls block until it is so. */
interface SshServers {
  /** Opens the machine's port; does nothing if it is open. */
  void start(String machine) throws IOException;

  /** Closes it and cuts its connections; what they started goes on. */
  void stop(String machine) throws IOException;

  static SshServers of(DemoDirectory directory, DemoPlan plan) {
    return plan.ssh() == DemoPlan.Ssh.embedded
        ? new EmbeddedServers(directory)
        : new OpensshServers(directory, plan);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a demo consists of; kept in its directory for the verbs that come later.
 *
 * @param user who logs in to the machines
 * @param agentPort where the agent listens on 127.0.0.1
 * @param machines their addresses, which are their names
 */
record DemoPlan(
    Ssh ssh, String user, int sshPort, int gossipPort, int agentPort, List<String> machines) {
  static final int SSH_PORT = 2222;
  static final int MAX_MACHINES = 250;

  /** Whose ssh servers the machines have. */
  enum Ssh {
    embedded,
    openssh
  }

  /** 127.0.1.1 and up: Linux answers for all of 127/8 without any set-up. */
  static List<String> addresses(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "127.0.1." + i).toList();
  }
}

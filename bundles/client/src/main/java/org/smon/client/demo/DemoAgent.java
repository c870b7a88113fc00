// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.smon.client.AgentIdentity;
import org.smon.client.ClientHome;
import org.smon.client.FailedException;
import org.smon.client.Main;

/** The demo's agent: `smon agent` as a user would start it, in the background. */
final class DemoAgent {
  static final String ADDRESS = "127.0.0.1";

  private final Process process;
  private final int port;
  private final Path log;

  private DemoAgent(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** Returns at once. */
  static DemoAgent start(DemoDirectory directory, DemoPlan plan) throws IOException {
    Path log = directory.log("agent");
    List<String> verb =
        List.of(
            "agent",
            "--home",
            directory.clientHome().toString(),
            "--key",
            directory.userKey().toString(),
            "--listen",
            ADDRESS + ":" + plan.agentPort());
    Process process =
        Background.java(
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xss512k"),
            Main.class,
            verb,
            log,
            Map.of(DemoProcesses.DEMO, directory.root().toString()));
    return new DemoAgent(process, plan.agentPort(), log);
  }

  /** Blocks until it answers; one line if it does not. */
  void awaitAnswer(ClientHome home) throws IOException {
    var failure = AgentIdentity.await(home, ADDRESS, port, process::isAlive);
    if (failure.isPresent()) {
      throw new FailedException(
          "the demo's agent did not start: %s (%s)"
              .formatted(Background.lastWords(log), failure.get()));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.LoginAgent;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Settings;
import org.smon.wire.StatusAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smon deploy}. */
@Command(
    name = "deploy",
    description = {
      "Puts a first peer in place over ssh, then watches until every machine has one.",
      "Peers deploy the others; run it again whenever you like."
    })
class DeployCommand implements Callable<Integer> {
  @Option(
      names = "--first",
      paramLabel = "HOST",
      description = "where to begin (default: the first machine that can be reached)")
  private String first;

  @Mixin AgentOptions agents;

  @Option(
      names = "--autostart",
      negatable = true,
      description = {
        "whether machines start their peer at boot (systemd of the user, else cron), where they can;",
        "stays as it is if not given; at first: yes"
      })
  private Boolean autostart;

  @Option(
      names = "--with-java",
      description = {
        "bring a Java runtime for machines that have none, made by jlink out of this Java;",
        "every machine is sent it (about 35 MB), for its peer may have to bring it to another"
      })
  private boolean withJava;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "900",
      description = "how long to wait for all to be online (default: ${DEFAULT-VALUE})")
  int timeoutSeconds;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException, RefusedException {
    agents.check(spec);
    return deploy(Smon.of(spec).home(), Smon.of(spec).console());
  }

  int deploy(ClientHome home, Console console) throws IOException, RefusedException {
    if (home.documents().list().size() == 0) {
      throw new FailedException("the machine list is empty; add machines: smon machines add HOST");
    }
    LoginAgent chosen = agents.chosen(home, console, Smon.of(spec).surroundings());
    if (autostart != null) {
      Settings settings = home.documents().settings();
      home.sign(DocumentType.SETTINGS, settings.withAutostart(autostart).body());
    }
    if (home.everAnswered()) {
      new OverlayReleases(home).learn(); // what spread from elsewhere, or was quarantined
    }
    Document release =
        withJava
            ? home.releaseWithJava(Distribution.here(), new JavaRuntime(home.directory(), console))
            : home.release(Distribution.here());
    if (first != null && home.everAnswered()) {
      new BlobFetch(home).complete(Release.ofBody(release.body()));
    }
    StatusAnswer status = Deployment.by(chosen, home, console, timeoutSeconds).run(first);
    // What the first peer brought along is on more disks by now.
    Publication publication = new Publication(home, console);
    home.unacknowledged().types().forEach(publication::publish);
    console.result(status);
    return ExitStatus.DONE;
  }
}

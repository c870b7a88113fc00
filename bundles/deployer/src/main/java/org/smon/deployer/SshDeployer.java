// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Blobs;
import org.smon.api.Deployer;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LoginAgent;
import org.smon.api.OverlayChannel;
import org.smon.api.Releases;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;

/**
 * Deploys over ssh (R6): asks the agent, logs in, and talks to stage 0 on the machine. Any thread;
 * visits to different machines may run side by side. Close it to end the ssh client's threads.
 */
@Component(service = Deployer.class)
public final class SshDeployer implements Deployer, AutoCloseable {
  private static final int REST_AFTER_MILLIS = 30_000;

  private final Tools tools;
  private final Rest rest = new Rest(this::giveMemoryBack, REST_AFTER_MILLIS);

  @Activate
  public SshDeployer(
      @Reference Documents documents,
      @Reference Blobs blobs,
      @Reference OverlayChannel channel,
      @Reference LoginAgent agent,
      @Reference Events events,
      @Reference Releases releases) {
    this(documents, releases, blobs, channel, agent, events, Limits.DEFAULT);
  }

  /** Deploys the newest release, within the usual limits. */
  public SshDeployer(
      Documents documents, Blobs blobs, OverlayChannel channel, LoginAgent agent, Events events) {
    this(documents, blobs, channel, agent, events, Limits.DEFAULT);
  }

  /** Deploys the newest release. */
  public SshDeployer(
      Documents documents,
      Blobs blobs,
      OverlayChannel channel,
      LoginAgent agent,
      Events events,
      Limits limits) {
    this(documents, Releases.newest(documents), blobs, channel, agent, events, limits);
  }

  /**
   * @param releases which one to deploy
   * @param blobs the files of that release
   * @param channel knows K_E, which goes to machines whose host key is verified
   */
  public SshDeployer(
      Documents documents,
      Releases releases,
      Blobs blobs,
      OverlayChannel channel,
      LoginAgent agent,
      Events events,
      Limits limits) {
    tools =
        new Tools(
            documents, releases, blobs, channel, agent, events, limits, new SshConnector(limits));
  }

  /** What every visit works with. */
  record Tools(
      Documents documents,
      Releases releases,
      Blobs blobs,
      OverlayChannel channel,
      LoginAgent agent,
      Events events,
      Limits limits,
      SshConnector ssh) {}

  @Override
  public VisitReport visit(Visit visit) {
    rest.begin();
    try {
      return visited(visit);
    } finally {
      rest.end();
    }
  }

  private VisitReport visited(Visit visit) {
    long began = System.nanoTime();
    MachineVisit course = new MachineVisit(tools, visit);
    VisitEnd end = end(course);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    VisitReport report =
        new VisitReport(
            visit.machine().name(),
            end.outcome(),
            end.step(),
            end.getMessage(),
            millis,
            course.sentBytes());
    tell(report);
    return report;
  }

  private static VisitEnd end(MachineVisit course) {
    try {
      return course.run();
    } catch (VisitEnd early) {
      return early;
    } catch (RuntimeException e) {
      // A broken invariant in here must not take the peer's maintenance down with it.
      return new VisitEnd(Outcome.FAILED, course.step(), "internal error: " + e);
    }
  }

  private void tell(VisitReport report) {
    String kind =
        switch (report.outcome()) {
          case DEPLOYED -> "start";
          case RECOVERED -> "recover";
          case CLEANED -> "clean";
          case REFUSED -> "refuse";
          case ALIVE, BUSY, OLDER, UNREACHABLE, FAILED -> "visit";
        };
    String cause = report.reason() == null ? report.outcome().name() : report.reason();
    tools.events.emit(
        kind,
        report.machine(),
        cause,
        Map.of(
            "outcome", report.outcome().name(),
            "step", report.step().name(),
            "millis", Long.toString(report.millis()),
            "sentBytes", Long.toString(report.sentBytes())));
  }

  /** The ssh client and its threads are made anew for the next visit. */
  private void giveMemoryBack() {
    tools.ssh.close();
    System.gc(); // the serial collector returns memory to the machine only after a full collection
  }

  @Override
  @Deactivate
  public void close() {
    rest.close();
    tools.ssh.close();
  }
}

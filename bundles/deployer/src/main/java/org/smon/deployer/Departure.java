// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;

/**
 * Has this machine's own dispatcher do what the newest documents want of the machine itself: leave
 * it, if the list does not name it any more (R31, T4), and start the peer at boot or not, as the
 * settings say (R17). The dispatcher looks at the signatures again, and outlives this process,
 * which it ends.
 */
@Component(immediate = true)
public final class Departure implements Documents.Listener, AutoCloseable {
  /** Time to pass the list on, of which this peer may be the only one to know yet. */
  private static final int FAREWELL_MILLIS = 10_000;

  private static final int RETRY_MILLIS = 60_000;

  private final LocalPeer self;
  private final Documents documents;
  private final Events events;
  private final int farewellMillis;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Departure::daemon);

  @Activate
  public Departure(
      @Reference LocalPeer self, @Reference Documents documents, @Reference Events events) {
    this(self, documents, events, FAREWELL_MILLIS);
  }

  Departure(LocalPeer self, Documents documents, Events events, int farewellMillis) {
    this.self = self;
    this.documents = documents;
    this.events = events;
    this.farewellMillis = farewellMillis;
    thread.setKeepAliveTime(1, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    documents.subscribe(this);
    documents.held(DocumentType.LIST).ifPresent(this::adopted);
  }

  @Override
  public void adopted(Document document) {
    if (document.type() == DocumentType.LIST && isLeftOut()) {
      events.emit(
          "removed", self.name(), "list " + document.counter() + " does not name it", Map.of());
      in(farewellMillis, this::leave);
    } else if (document.type() == DocumentType.SETTINGS) {
      in(0, () -> dispatch("autostart"));
    }
  }

  private boolean isLeftOut() {
    return !documents.list().contains(self.name());
  }

  /** The dispatcher ends this process; as long as that has not happened it is asked again. */
  private void leave() {
    if (isLeftOut()) {
      dispatch("leave");
      in(RETRY_MILLIS, this::leave);
    }
  }

  /** Detached, in a session of its own; what it says goes to its own log. */
  private void dispatch(String verb) {
    File log = self.root().resolve("log/dispatch.log").toFile();
    try {
      new ProcessBuilder(List.of("setsid", "sh", self.root().resolve("dispatch").toString(), verb))
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(log)
          .start();
    } catch (IOException e) {
      events.emit("refuse", self.name(), verb + " cannot be run: " + e.getMessage(), Map.of());
    }
  }

  private void in(int millis, Runnable task) {
    try {
      thread.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return; // stopping: the next start sees the same documents
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "smon-departure");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  @Deactivate
  public void close() {
    documents.unsubscribe(this);
    thread.shutdownNow();
  }
}

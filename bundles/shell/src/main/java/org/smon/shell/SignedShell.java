// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.smon.api.Documents;
import org.smon.api.Events;
import org.smon.api.LocalPeer;
import org.smon.api.RefusedException;
import org.smon.wire.RemoteShell;
import org.smon.wire.ShellMessage;

/**
 * The Karaf shell behind `smon shell`: no port of its own, and K_E alone opens nothing. Each line
 * carries an operator's signature over {overlay, peer, nonce, sequence, line} and runs once (R40).
 */
@Component(service = RemoteShell.class)
public final class SignedShell implements RemoteShell {
  /** What a command may print before it is cut: answers fit in a peer's small heap. */
  private static final int MOST_OUTPUT = 1 << 20;

  private final LocalPeer self;
  private final Documents documents;
  private final Events events;
  private final SessionFactory karaf;
  private final ShellSessions sessions = new ShellSessions();

  @Activate
  public SignedShell(
      @Reference LocalPeer self,
      @Reference Documents documents,
      @Reference Events events,
      @Reference SessionFactory karaf) {
    this.self = self;
    this.documents = documents;
    this.events = events;
    this.karaf = karaf;
  }

  @Override
  public ShellMessage.Greeting greet() {
    return new ShellMessage.Greeting(self.name(), sessions.open());
  }

  @Override
  public ShellMessage.Output run(ShellMessage.Line line) throws RefusedException {
    try {
      check(line);
    } catch (RefusedException e) {
      events.emit("refuse", self.name(), "shell line: " + e.getMessage(), Map.of());
      throw e;
    }
    events.emit("shell", self.name(), "an operator's shell line", Map.of("line", line.line()));
    return execute(line.line());
  }

  private void check(ShellMessage.Line line) throws RefusedException {
    if (line.nonce() == null || line.line() == null) {
      throw new RefusedException("the shell line is incomplete");
    }
    if (!line.isBy(documents.settings().operators(), self.overlay(), self.name())) {
      throw new RefusedException(
          "the shell line is not signed by an operator of this overlay for this peer");
    }
    sessions.take(line);
  }

  private ShellMessage.Output execute(String line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String error = null;
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      Session session = karaf.create(new ByteArrayInputStream(new byte[0]), out, out);
      try {
        Object result = session.execute(line);
        if (result != null) {
          out.println(result);
        }
      } finally {
        session.close();
      }
    } catch (Exception e) { // whatever a command throws is its answer
      error =
          String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    }
    return new ShellMessage.Output(cut(bytes.toString(StandardCharsets.UTF_8)), error);
  }

  private static String cut(String output) {
    return output.length() <= MOST_OUTPUT
        ? output
        : output.substring(0, MOST_OUTPUT) + "\n... cut at 1 MB\n";
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** The Karaf shell of the container that a test runs in. */
final class ExamShell {
  private static final long PATIENCE_SECONDS = 60;

  private final SessionFactory sessions;

  ExamShell(SessionFactory sessions) {
    this.sessions = sessions;
  }

  /** Blocks until the command prints it. */
  void awaitOutput(String command, String expected) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String printed = run(command);
    while (!printed.contains(expected)) {
      assertTrue(command + ": " + printed, System.nanoTime() < deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      printed = run(command);
    }
  }

  /** What it prints; a failure is part of that. */
  String run(String command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);
    try {
      session.execute(command);
    } catch (Exception e) {
      out.println(e);
    } finally {
      session.close();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

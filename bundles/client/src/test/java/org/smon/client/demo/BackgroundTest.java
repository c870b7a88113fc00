// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user is told of a process that did not start. */
class BackgroundTest {
  @TempDir private Path directory;

  private String wordsOf(String log) throws IOException {
    return Background.lastWords(Files.writeString(directory.resolve("log"), log));
  }

  @Test
  void theLastLineIsTold() throws IOException {
    assertEquals("port in use", wordsOf("starting\nport in use\n\n"));
    assertEquals("it said nothing", wordsOf("\n"));
  }

  @Test
  void ofAStackTraceTheReasonIsTold() throws IOException {
    String trace =
        "Exception in thread main\n\tat a.B.c(B.java:1)\nCaused by: no room\n\tat d.E.f(E.java:2)\n\t... 2 more\n";
    assertEquals("Caused by: no room", wordsOf(trace));
  }
}

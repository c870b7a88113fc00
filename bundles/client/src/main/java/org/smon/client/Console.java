// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import org.smon.wire.Json;

/**
 * Where the verbs speak. With {@code --json} stdout carries one JSON document and everything else
 * goes to stderr. ASCII only, so that LANG=C shows it. One thread.
 */
public final class Console {
  private final Surroundings surroundings;
  private final boolean json;
  private BufferedReader answers;

  public Console(Surroundings surroundings, boolean json) {
    this.surroundings = surroundings;
    this.json = json;
  }

  public boolean json() {
    return json;
  }

  /** True if lines for people go to a terminal, where a bar may be drawn over itself. */
  public boolean terminal() {
    return surroundings.terminal() && !json;
  }

  /** Lines for people. */
  public PrintStream people() {
    return json ? surroundings.err() : surroundings.out();
  }

  /** A line for people. */
  public void say(String line) {
    people().println(line);
    people().flush();
  }

  /** A remark that is no result: always stderr. */
  public void note(String line) {
    surroundings.err().println(line);
    surroundings.err().flush();
  }

  /** The one JSON document of the run; says nothing without {@code --json}. */
  public void result(Object value) {
    if (json) {
      surroundings.out().println(Json.writePretty(value));
      surroundings.out().flush();
    }
  }

  /** One line of JSON in a stream of documents (`--watch`, `--follow`). */
  public void jsonLine(Object value) {
    surroundings.out().println(Json.writeLine(value));
    surroundings.out().flush();
  }

  public PrintStream out() {
    return surroundings.out();
  }

  /** Asks for y; anything else, and the end of the input, is no. */
  public boolean confirm(String question) {
    surroundings.err().print(question + " [y/N] ");
    surroundings.err().flush();
    String answer = readLine();
    return answer != null && answer.strip().equalsIgnoreCase("y");
  }

  /** The next line of stdin, or null at its end. */
  public String readLine() {
    if (answers == null) {
      answers =
          new BufferedReader(new InputStreamReader(surroundings.in(), Charset.defaultCharset()));
    }
    try {
      return answers.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.session.ClientSession;
import org.smon.api.Names;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * The conversation with stage 0 or the dispatcher over one ssh channel: a command, perhaps bytes,
 * an answer. One thread. Whatever goes wrong ends the visit with a reason.
 */
final class FarEnd implements AutoCloseable {
  private static final long VISIT_NANOS = TimeUnit.MINUTES.toNanos(15);
  private static final int MAX_LINES = 100_000;

  private final ClientSession session;
  private final Answers answers = new Answers();
  private final Answers complaints = new Answers();
  private final long deadline = System.nanoTime() + VISIT_NANOS;
  private ChannelExec channel;
  private OutputStream input;

  /** The session is closed with this. */
  FarEnd(ClientSession session) {
    this.session = session;
  }

  /** What answered: stage0, dispatch, or none where the enrolment key finds no dispatcher. */
  String greet(boolean sendScript, Limits limits) throws VisitEnd {
    try {
      channel = session.createExecChannel(Stage0.COMMAND);
      channel.setOut(answers);
      channel.setErr(complaints);
      channel.addCloseFutureListener(closed -> closeBoth());
      channel.open().verify(limits.loginMillis());
      input = channel.getInvertedIn();
      if (sendScript) {
        input.write(Stage0.TEXT);
        input.flush();
      }
      String[] word = answers.line(limits.answerMillis()).split(" ");
      if (word.length == 3 && word[0].equals("smon") && word[1].equals("1")) {
        return word[2];
      }
      throw failed(Step.PROBE, "this is not stage 0: " + Names.quote(String.join(" ", word)));
    } catch (EOFException e) {
      if (!sendScript) {
        return "none";
      }
      throw failed(Step.PROBE, "stage 0 did not start: " + complaint());
    } catch (IOException e) {
      throw failed(Step.PROBE, "stage 0 did not start: " + SshConnector.cause(e));
    }
  }

  private void closeBoth() {
    answers.close();
    complaints.close();
  }

  /** Sends a command and what follows it. */
  void send(Step step, String command, byte[]... parts) throws VisitEnd {
    try {
      input.write(Stage0.command(command));
      for (byte[] part : parts) {
        input.write(part);
      }
      input.flush();
    } catch (IOException e) {
      throw afterFailedWrite(step, e);
    }
  }

  /** Payload, of which the far end has been told before. */
  void write(Step step, byte[] buffer, int length) throws VisitEnd {
    try {
      if (System.nanoTime() > deadline) {
        throw new IOException("a visit may take 15 minutes, this one did");
      }
      input.write(buffer, 0, length);
      input.flush();
    } catch (IOException e) {
      throw afterFailedWrite(step, e);
    }
  }

  /** The far end has most likely said why before it hung up. */
  private VisitEnd afterFailedWrite(Step step, IOException e) {
    try {
      answer(step, 1_000);
    } catch (VisitEnd said) {
      return said;
    }
    return failed(step, "the connection broke: " + SshConnector.cause(e));
  }

  /** Sends a command and awaits its answer. */
  Answer ask(Step step, long timeoutMillis, String command, byte[]... parts) throws VisitEnd {
    send(step, command, parts);
    return answer(step, timeoutMillis);
  }

  Answer answer(Step step, long timeoutMillis) throws VisitEnd {
    List<String> lines = new ArrayList<>();
    try {
      for (int i = 0; i < MAX_LINES; i++) {
        String line = answers.line(timeoutMillis);
        String[] word = line.split(" ", 3);
        switch (word[0]) {
          case "ok", "busy" -> {
            return new Answer(lines, line);
          }
          case "error" -> throw error(step, word);
          default -> lines.add(line);
        }
      }
      throw failed(step, "stage 0 answers without an end");
    } catch (EOFException e) {
      throw failed(step, "the connection broke; " + complaint());
    } catch (IOException e) {
      throw failed(step, SshConnector.cause(e));
    }
  }

  /** A document's text, or null if the far end has none of the type. */
  String text(String type, long timeoutMillis) throws VisitEnd {
    send(Step.ADOPT, "get " + type);
    try {
      String line = answers.line(timeoutMillis);
      if (!line.startsWith("bytes ")) {
        return null;
      }
      byte[] text = answers.bytes(Integer.parseInt(line.substring(6)), timeoutMillis);
      answer(Step.ADOPT, timeoutMillis);
      return new String(text, StandardCharsets.UTF_8);
    } catch (IOException | NumberFormatException e) {
      throw failed(Step.ADOPT, "the machine's documents cannot be read: " + e.getMessage());
    }
  }

  private static VisitEnd error(Step step, String[] word) {
    Step where = step;
    for (Step known : Step.values()) {
      if (word.length > 1 && known.name().equals(word[1])) {
        where = known;
      }
    }
    String reason = word.length > 2 ? word[2] : "stage 0 failed without a reason";
    return failed(where, printable(reason));
  }

  private static VisitEnd failed(Step step, String reason) {
    return new VisitEnd(Outcome.FAILED, step, reason);
  }

  private String complaint() {
    String last = "it said nothing";
    try {
      for (int i = 0; i < MAX_LINES; i++) {
        String line = complaints.line(1_000);
        last = line.isBlank() ? last : line;
      }
    } catch (IOException e) {
      // All that it said has been read.
    }
    return printable(last);
  }

  private static String printable(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", " ").strip();
    return plain.substring(0, Math.min(plain.length(), 400));
  }

  @Override
  public void close() {
    session.close(true);
  }

  /**
   * @param lines what came before the last line
   * @param last ok or busy, with what follows
   */
  record Answer(List<String> lines, String last) {
    boolean busy() {
      return last.startsWith("busy");
    }

    /** What follows ok or busy. */
    String rest() {
      int space = last.indexOf(' ');
      return space < 0 ? "" : printable(last.substring(space + 1));
    }
  }
}

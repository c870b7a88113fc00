// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * A real process behind an exec channel, with sshd's manners: the channel ends when the process has
 * ended and nobody holds its output any more; a lost connection closes the pipes and kills nothing.
 */
final class ProcessCommand implements Command {
  private final List<String> argv;
  private final Path home;
  private final Map<String, String> environment;

  private InputStream in;
  private OutputStream out;
  private OutputStream err;
  private ExitCallback exit;
  private Process process;

  ProcessCommand(List<String> argv, Path home, Map<String, String> environment) {
    this.argv = argv;
    this.home = home;
    this.environment = environment;
  }

  @Override
  public void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment requested) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(argv).directory(home.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    process = builder.start();
    thread("stdin", () -> pump(in, process.getOutputStream(), true));
    Thread stdout = thread("stdout", () -> pump(process.getInputStream(), out, false));
    Thread stderr = thread("stderr", () -> pump(process.getErrorStream(), err, false));
    thread("exit", () -> awaitEnd(stdout, stderr));
  }

  @Override
  public void destroy(ChannelSession channel) throws IOException {
    if (process != null) {
      process.getOutputStream().close();
      process.getInputStream().close();
      process.getErrorStream().close();
    }
  }

  private void awaitEnd(Thread stdout, Thread stderr) {
    try {
      int status = process.waitFor();
      stdout.join();
      stderr.join();
      exit.onExit(status);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, "machine-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Ends quietly at the end of either side: the other one then sees a closed pipe. */
  private static void pump(InputStream from, OutputStream to, boolean close) {
    byte[] buffer = new byte[32 * 1024];
    try {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.write(buffer, 0, n);
        to.flush();
      }
    } catch (IOException e) {
      // The process or the connection has gone.
    } finally {
      if (close) {
        closeQuietly(to);
      }
    }
  }

  private static void closeQuietly(OutputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // The process has ended before it read all of its input.
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.smon.client.FailedException;
import org.smon.wire.Json;

/** Talks to the one background process that is the ssh server of all machines. */
final class EmbeddedServers implements SshServers {
  private static final int CALL_MILLIS = 15_000;
  private static final int START_MILLIS = 30_000;
  private static final int POLL_MILLIS = 20;

  private final DemoDirectory directory;

  EmbeddedServers(DemoDirectory directory) {
    this.directory = directory;
  }

  @Override
  public void start(String machine) throws IOException {
    if (!Files.exists(directory.hostFile())) {
      launch();
    }
    call("start", machine);
  }

  @Override
  public void stop(String machine) throws IOException {
    call("stop", machine);
  }

  /**
   * All of HotSpot's compilers: the ciphers of a dozen machines run here, and C1 alone has no
   * instructions for AES-GCM.
   */
  private void launch() throws IOException {
    Path log = directory.log("ssh");
    Process process =
        Background.java(
            List.of("-XX:+UseSerialGC", "-Xmx256m", "-Xss512k", "-Xshare:auto"),
            DemoHost.class,
            List.of(directory.root().toString()),
            log,
            Map.of(DemoProcesses.DEMO, directory.root().toString()));
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!Files.exists(directory.hostFile())) {
      if (!await(process, deadline)) {
        throw new FailedException(
            "the demo's ssh servers did not start: " + Background.lastWords(log));
      }
    }
  }

  /** False if the process has ended or its time is over. */
  private static boolean await(Process process, long deadline) throws IOException {
    try {
      boolean ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      return !ended && System.nanoTime() - deadline < 0;
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private void call(String verb, String machine) throws IOException {
    DemoHost.Door door = Json.read(Files.readString(directory.hostFile()), DemoHost.Door.class);
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()), CALL_MILLIS);
      socket.setSoTimeout(CALL_MILLIS);
      String request = door.token() + " " + verb + " " + machine + "\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (!"ok".equals(answer)) {
        throw new FailedException(answer == null ? "the demo's ssh servers refused" : answer);
      }
    } catch (java.net.ConnectException e) {
      throw new FailedException(
          "the demo's ssh servers have died; end the demo by `smon demo stop` and start it again");
    }
  }
}

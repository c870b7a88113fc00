// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.smon.wire.Json;

/**
 * The background process that holds the embedded ssh servers of a demo. It takes orders ({@code
 * TOKEN start|stop MACHINE}, one a connection) on a loopback port that only the owner of the demo's
 * directory can find and use.
 */
public final class DemoHost {
  private static final int ORDER_MILLIS = 5_000;

  private final Map<String, EmbeddedMachine> machines = new TreeMap<>();
  private final String token;

  /** How to reach the process: in the host file, mode 0600. */
  record Door(int port, String token) {}

  private DemoHost(DemoDirectory directory, DemoPlan plan, String token) {
    this.token = token;
    for (String name : plan.machines()) {
      machines.put(name, machine(directory, plan, name));
    }
  }

  public static void main(String[] args) throws IOException {
    LogManager.getLogManager().reset();
    DemoDirectory directory = new DemoDirectory(Path.of(args[0]));
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    DemoHost host = new DemoHost(directory, directory.plan(), token);
    try (ServerSocket orders = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      publish(directory.hostFile(), new Door(orders.getLocalPort(), token));
      while (true) {
        host.takeOrder(orders);
      }
    }
  }

  private static EmbeddedMachine machine(DemoDirectory directory, DemoPlan plan, String name) {
    Path home = directory.machine(name);
    return new EmbeddedMachine(
        new InetSocketAddress(name, plan.sshPort()),
        plan.user(),
        home,
        directory.hostKey(name),
        Map.of("PATH", System.getenv("PATH"), DemoProcesses.MACHINE, home.toString()));
  }

  private static void publish(Path file, Door door) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, Json.write(door));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void takeOrder(ServerSocket orders) throws IOException {
    try (Socket socket = orders.accept()) {
      socket.setSoTimeout(ORDER_MILLIS);
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      String answer = obey(line == null ? "" : line);
      socket.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (java.net.SocketException | java.net.SocketTimeoutException e) {
      System.err.println("an order was lost: " + e.getMessage());
    }
  }

  private String obey(String line) {
    String[] part = line.split(" ", 3);
    EmbeddedMachine machine = part.length == 3 ? machines.get(part[2]) : null;
    if (machine == null || !part[0].equals(token)) {
      return "the demo's ssh servers do not know this order";
    }
    try {
      if (part[1].equals("start")) {
        machine.start();
      } else {
        machine.close();
      }
      return "ok";
    } catch (IOException | RuntimeException e) {
      return "the ssh server of " + part[2] + " does not " + part[1] + ": " + e.getMessage();
    }
  }
}

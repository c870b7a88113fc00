// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.smon.api.Machine;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;

/** What the client can still find out when no peer answers: whether ssh does (R12). */
final class SshProbe {
  private static final int CONNECT_MILLIS = 2_000;

  /** Of thousands of machines a tenth may be silent. */
  private static final int MOST_ABREAST = 256;

  private SshProbe() {}

  /**
   * The machines in their order; down if ssh answers, else unreachable. Blocks for some seconds.
   */
  static List<MachineStatus> probe(List<Machine> machines, Map<String, String> peerReasons) {
    return each(machines, m -> probe(m, peerReasons.get(m.name())));
  }

  /** The same while livetag is false, when a machine has no peer unless its port is open. */
  static List<MachineStatus> probeSwitchedOff(
      List<Machine> machines, Map<String, String> peerReasons, int gossipPort) {
    return each(
        machines,
        m -> probe(m, peerReasons.get(m.name())).whileSwitchedOff(accepts(m.name(), gossipPort)));
  }

  private static boolean accepts(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
      return false;
    }
  }

  private static List<MachineStatus> each(
      List<Machine> machines, Function<Machine, MachineStatus> look) {
    int abreast = Math.max(1, Math.min(MOST_ABREAST, machines.size()));
    ExecutorService threads = Executors.newFixedThreadPool(abreast);
    try {
      List<Callable<MachineStatus>> probes =
          machines.stream().map(m -> (Callable<MachineStatus>) () -> look.apply(m)).toList();
      return threads.invokeAll(probes).stream().map(SshProbe::get).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static MachineStatus get(Future<MachineStatus> probe) {
    try {
      return probe.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MachineStatus probe(Machine machine, String peerReason) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(machine.name(), machine.sshPort()), CONNECT_MILLIS);
      String reason = "ssh answers, no peer does" + (peerReason == null ? "" : ": " + peerReason);
      return MachineStatus.silent(machine.name(), State.down, reason);
    } catch (IOException e) {
      String reason = "ssh port " + machine.sshPort() + ": " + Main.told(e);
      return MachineStatus.silent(machine.name(), State.unreachable, reason);
    } catch (java.nio.channels.UnresolvedAddressException e) {
      return MachineStatus.silent(machine.name(), State.unreachable, "its name does not resolve");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Deployer;
import org.smon.api.DocumentType;
import org.smon.api.LoginAgent;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

class DeploymentTest {
  private static final String CLOSED = "127.0.0.2";
  private static final String OPEN = "127.0.0.1";
  private static final String OPEN_TOO = "127.0.0.3";

  @TempDir private Path user;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> visited = new ArrayList<>();
  private ServerSocket ssh;
  private ServerSocket sshToo;
  private ClientHome home;
  private LoginAgent agent = new Agent(null);

  /** Says no to all, or fails with a reason. */
  private record Agent(String failure) implements LoginAgent {
    @Override
    public LoginPermit permit(LoginRequest request) throws RefusedException, IOException {
      if (failure != null) {
        throw new IOException(failure);
      }
      throw new RefusedException("no");
    }

    @Override
    public byte[] sign(SignRequest request) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void makeHome() throws IOException {
    ssh = new ServerSocket(0, 10, InetAddress.getByName(OPEN));
    sshToo = new ServerSocket(ssh.getLocalPort(), 10, InetAddress.getByName(OPEN_TOO));
    int gossipPort = unused();
    home = ClientHome.create(user.resolve("home"), new NewOverlay("lab", gossipPort, "op"));
    List<Machine> machines =
        List.of(CLOSED, OPEN, OPEN_TOO).stream()
            .map(name -> new Machine(name, null, ssh.getLocalPort(), null, List.of()))
            .toList();
    home.sign(DocumentType.LIST, new MachineList(machines, List.of()).body());
  }

  @AfterEach
  void close() throws IOException {
    ssh.close();
    sshToo.close();
  }

  @Test
  void machinesThatDoNotAnswerAreToldAndPassedOver() {
    FailedException failed =
        assertThrows(FailedException.class, () -> deployment(Outcome.FAILED, Step.COPY).run(null));
    assertEquals(List.of(OPEN, OPEN_TOO), visited);
    assertEquals(ExitStatus.FAILED, failed.exitStatus());
    assertTrue(out.toString().contains(CLOSED + " unreachable"), out::toString);
    assertTrue(out.toString().contains(OPEN + " failed at step copy: because"), out::toString);
  }

  @Test
  void anAgentThatSaysNoIsAskedOnce() {
    FailedException failed =
        assertThrows(
            FailedException.class, () -> deployment(Outcome.REFUSED, Step.AGENT).run(null));
    assertEquals(List.of(OPEN), visited);
    assertTrue(failed.getMessage().contains("because"), failed::getMessage);
  }

  @Test
  void withoutAnAgentNoSshPortIsTouched() throws IOException {
    agent = new Agent("no agent answers");
    FailedException failed =
        assertThrows(FailedException.class, () -> deployment(Outcome.FAILED, Step.COPY).run(null));
    assertTrue(failed.getMessage().contains("no agent answers"), failed::getMessage);
    assertEquals(List.of(), visited);
    ssh.setSoTimeout(1);
    assertThrows(java.net.SocketTimeoutException.class, ssh::accept);
  }

  @Test
  void onlyTheNamedMachineIsTried() {
    assertThrows(FailedException.class, () -> deployment(Outcome.FAILED, Step.START).run(OPEN_TOO));
    assertEquals(List.of(OPEN_TOO), visited);
  }

  @Test
  void aPlacedPeerThatNeverAnswersIsNotConvergence() {
    FailedException late =
        assertThrows(
            FailedException.class, () -> deployment(Outcome.DEPLOYED, Step.START).run(null));
    assertEquals(ExitStatus.NOT_CONVERGED, late.exitStatus());
    assertEquals(List.of(OPEN), visited);
    assertTrue(late.getMessage().startsWith("0 of 3 machines are online"), late::getMessage);
  }

  @Test
  void aHomeWithoutTheOperatorsKeyCanLookAndNotChange() throws IOException {
    java.nio.file.Files.delete(ClientHome.operatorKeyFile(home.directory()));
    String told =
        new Cli(user)
            .with("SMON_HOME", home.directory().toString())
            .run("machines", "remove", OPEN)
            .exits(1)
            .err();
    assertTrue(told.contains("no operator's key"), told);
  }

  private Deployment deployment(Outcome outcome, Step step) {
    Deployer deployer =
        visit -> {
          visited.add(visit.machine().name());
          return report(visit, outcome, step);
        };
    PrintStream stream = new PrintStream(out, true);
    Surroundings surroundings =
        new Surroundings(InputStream.nullInputStream(), stream, stream, Map.of(), false);
    return new Deployment(home, new Console(surroundings, false), agent, deployer, 0);
  }

  private static VisitReport report(Visit visit, Outcome outcome, Step step) {
    return new VisitReport(visit.machine().name(), outcome, step, "because", 5, 0);
  }

  private static int unused() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

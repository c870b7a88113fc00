// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.AgentAddress;
import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

class PurgeTest {
  @TempDir private Path user;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> visited = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> silent = new HashSet<>();
  private ClientHome home;

  @BeforeEach
  void makeHome() throws IOException {
    int nobodyListens;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobodyListens = socket.getLocalPort();
    }
    home = ClientHome.create(user.resolve("home"), new NewOverlay("lab", nobodyListens, "op"));
    list("127.0.0.1", "127.0.0.2");
    Files.writeString(home.lastPeerFile(), "127.0.0.1\n");
  }

  private void list(String... names) {
    MachineList held = home.documents().list();
    List<Machine> machines =
        List.of(names).stream()
            .map(name -> new Machine(name, null, 22, "SHA256:" + "k".repeat(43), List.of()))
            .toList();
    List<Machine> removed =
        held.removed().stream().filter(m -> !List.of(names).contains(m.name())).toList();
    home.sign(DocumentType.LIST, new MachineList(machines, removed).body());
  }

  @Test
  void whenAllAreCleanTheListIsAsItWasAndTheNextDeploymentIsAFirstOne() throws IOException {
    String before = home.documents().list().body();
    assertEquals(Map.of(), purge());
    assertEquals(List.of("127.0.0.1", "127.0.0.2"), visited.stream().sorted().toList());
    assertEquals(before, home.documents().list().body());
    assertEquals(3, home.documents().versions().counter(DocumentType.LIST));
    assertFalse(home.everAnswered());
  }

  @Test
  void whatCouldNotBeReachedStaysRemovedAndIsTriedByTheNextRun() throws IOException {
    silent.add("127.0.0.2");
    assertEquals(Set.of("127.0.0.2"), purge().keySet());
    assertEquals(0, home.documents().list().size());
    visited.clear();
    home = ClientHome.open(home.directory()); // another process
    silent.clear();
    assertEquals(Map.of(), purge());
    assertEquals(List.of("127.0.0.2"), visited);
    assertEquals(2, home.documents().list().size());
  }

  @Test
  void machinesAddedMeanwhileArePurgedWithThoseThatAreLeft() throws IOException {
    silent.add("127.0.0.2");
    purge();
    list("127.0.0.3");
    visited.clear();
    purge();
    assertEquals(List.of("127.0.0.2", "127.0.0.3"), visited.stream().sorted().toList());
  }

  @Test
  void withoutAYesNothingIsSigned() {
    String told =
        new Cli(user)
            .with("SMON_HOME", home.directory().toString())
            .answering("n\n")
            .run("purge")
            .exits(1)
            .err();
    assertTrue(told.contains("from 2 machines, for good?"), told);
    assertTrue(told.contains("nothing was removed"), told);
    ClientHome after = ClientHome.open(home.directory());
    assertEquals(1, after.documents().versions().counter(DocumentType.LIST));
  }

  @Test
  void onlyAMachineThatWasRemovedCanBeNamed() {
    Cli cli = new Cli(user).with("SMON_HOME", home.directory().toString());
    String listed = cli.run("purge", "--yes", "127.0.0.2").exits(1).err();
    assertTrue(listed.contains("smon machines remove 127.0.0.2"), listed);
    String unknown = cli.run("purge", "--yes", "nobody").exits(1).err();
    assertTrue(unknown.contains("nobody' was never in the list"), unknown);
    assertEquals(2, ClientHome.open(home.directory()).documents().list().size());
  }

  @Test
  void withoutAnAgentNothingIsSigned() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    AgentAddress gone =
        new AgentAddress("127.0.0.1", closed, home.operator().publicText(), "ssh-ed25519 AAAA x");
    home.sign(DocumentType.SETTINGS, home.documents().settings().withAgents(List.of(gone)).body());
    String told =
        new Cli(user)
            .with("SMON_HOME", home.directory().toString())
            .run("purge", "--yes")
            .exits(1)
            .err();
    assertTrue(told.contains("nothing was removed: the agent gives no permission"), told);
    assertEquals(2, ClientHome.open(home.directory()).documents().list().size());
  }

  private Map<String, String> purge() throws IOException {
    PurgeOrder order = PurgeOrder.of(home);
    List<Machine> machines = order.machines();
    order.sign();
    PrintStream stream = new PrintStream(out, true);
    Surroundings surroundings =
        new Surroundings(InputStream.nullInputStream(), stream, stream, Map.of(), false);
    Map<String, String> left =
        new Purge(new Console(surroundings, false), this::visit, 0).run(machines);
    order.keep(left.keySet());
    return left;
  }

  private VisitReport visit(Visit visit) {
    String name = visit.machine().name();
    assertEquals(Visit.Purpose.CLEAN, visit.purpose());
    assertFalse(home.documents().list().contains(name));
    visited.add(name);
    return silent.contains(name)
        ? new VisitReport(name, Outcome.UNREACHABLE, Step.CONNECT, "no route", 1, 0)
        : new VisitReport(name, Outcome.CLEANED, Step.CLEAN, null, 1, 0);
  }
}

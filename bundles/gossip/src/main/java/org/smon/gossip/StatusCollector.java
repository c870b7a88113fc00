// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Machine;
import org.smon.api.Releases;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusAnswer;
import org.smon.wire.StatusPart;
import org.smon.wire.StatusPart.Sighting;
import org.smon.wire.StatusQuery;

/**
 * Status is asked, not gossiped: collected on demand through the tree, and what is silent is probed
 * (R12).
 */
final class StatusCollector {
  private static final int PROBE_MILLIS = 700;
  private static final int PROBES = 512;
  private static final int FEW = 8;
  private static final int ASK_AGAIN_TIMES = 3;
  private static final int ASK_AGAIN_MILLIS = 250;

  private final Documents documents;
  private final Releases releases;
  private final LocalStatus local;
  private final Sightings sightings;
  private final Tree tree;
  private final Reach reach;
  private final ExecutorService workers;

  StatusCollector(
      Documents documents,
      Releases releases,
      LocalStatus local,
      Sightings sightings,
      Tree tree,
      Reach reach,
      ExecutorService workers) {
    this.documents = documents;
    this.releases = releases;
    this.local = local;
    this.sightings = sightings;
    this.tree = tree;
    this.reach = reach;
    this.workers = workers;
  }

  /** This peer and the others of the query that answer in time. */
  StatusPart part(StatusQuery query) {
    MachineStatus self = local.now();
    List<String> others =
        query.machines().stream().filter(name -> !name.equals(self.name())).toList();
    List<MachineStatus> machines = new ArrayList<>();
    List<Sighting> seen = new ArrayList<>(sightings.fresh());
    if (others.size() < query.machines().size()) {
      machines.add(self);
    }
    int port = documents.settings().gossipPort();
    List<StatusPart> answers =
        tree.ask(
            others,
            port,
            query.deadlineMillis(),
            (head, branch, millis) -> head.statusPart(new StatusQuery(branch, millis)));
    for (StatusPart answer : answers) {
      machines.addAll(answer.machines());
      seen.addAll(answer.sightings());
    }
    return new StatusPart(machines, seen);
  }

  /** The whole answer for a client, every machine of the list in it. */
  StatusAnswer whole(StatusQuery query) {
    List<Machine> asked = asked(query);
    int collectMillis = Math.max(PROBE_MILLIS, query.deadlineMillis() - PROBE_MILLIS);
    StatusPart part =
        withWhoSwaps(
            part(new StatusQuery(asked.stream().map(Machine::name).toList(), collectMillis)),
            asked);
    Map<String, MachineStatus> answered =
        part.machines().stream()
            .collect(Collectors.toMap(MachineStatus::name, m -> m, (a, b) -> a));
    Map<String, Sighting> newest = newest(part.sightings());
    List<Machine> silent = asked.stream().filter(m -> !answered.containsKey(m.name())).toList();
    Map<String, MachineStatus> probed = probe(silent, newest);
    List<MachineStatus> machines =
        asked.stream().map(m -> answered.getOrDefault(m.name(), probed.get(m.name()))).toList();
    return new StatusAnswer(
        documents.overlayId(),
        documents.settings().name(),
        new StatusAnswer.LivetagView(
            documents.livetag().value(), documents.versions().counter(DocumentType.LIVETAG)),
        new StatusAnswer.ListView(
            documents.versions().counter(DocumentType.LIST), documents.list().size()),
        new StatusAnswer.ReleaseView(
            LocalStatus.version(releases.adopted()), LocalStatus.version(releases.previous())),
        machines,
        StatusAnswer.Summary.of(machines));
  }

  /** A peer that is silent behind an open port is likely swapping bundles: asked again, soon. */
  private StatusPart withWhoSwaps(StatusPart first, List<Machine> asked) {
    StatusPart part = first;
    int port = documents.settings().gossipPort();
    int times = documents.livetag().value() ? ASK_AGAIN_TIMES : 0; // then nobody swaps
    for (int i = 0; i < times; i++) {
      List<String> answered = part.machines().stream().map(MachineStatus::name).toList();
      List<String> silent =
          asked.stream().map(Machine::name).filter(name -> !answered.contains(name)).toList();
      if (silent.isEmpty() || silent.size() > FEW) {
        return part;
      }
      List<String> open =
          silent.stream().filter(name -> reach.accepts(name, port, PROBE_MILLIS)).toList();
      if (open.isEmpty() || !pause()) {
        return part;
      }
      part = part.and(part(new StatusQuery(open, PROBE_MILLIS)));
    }
    return part;
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Machine> asked(StatusQuery query) {
    List<Machine> machines = documents.list().machines();
    if (query.machines() == null) {
      return machines;
    }
    return machines.stream().filter(m -> query.machines().contains(m.name())).toList();
  }

  private static Map<String, Sighting> newest(List<Sighting> sightings) {
    Map<String, Sighting> newest = new HashMap<>();
    sightings.stream()
        .sorted(Comparator.comparing(Sighting::at))
        .forEach(s -> newest.put(s.machine(), s));
    return newest;
  }

  private Map<String, MachineStatus> probe(List<Machine> silent, Map<String, Sighting> sightings) {
    Map<String, CompletableFuture<MachineStatus>> probes = new HashMap<>();
    for (Machine machine : silent) {
      Sighting sighting = sightings.get(machine.name());
      boolean probe = probes.size() < PROBES;
      probes.put(
          machine.name(),
          probe
              ? CompletableFuture.supplyAsync(() -> silent(machine, sighting), workers)
              : CompletableFuture.completedFuture(
                  MachineStatus.silent(
                      machine.name(), State.unreachable, "not probed: too many are silent")));
    }
    Map<String, MachineStatus> found = new HashMap<>();
    probes.forEach((name, probe) -> found.put(name, probe.join()));
    return found;
  }

  /** While livetag is false nobody visits, so what visits saw counts no more. */
  private MachineStatus silent(Machine machine, Sighting sighting) {
    if (!documents.livetag().value()) {
      int port = documents.settings().gossipPort();
      return probed(machine).whileSwitchedOff(reach.accepts(machine.name(), port, PROBE_MILLIS));
    }
    if (sighting != null) {
      return MachineStatus.silent(machine.name(), sighting.state(), sighting.reason());
    }
    return probed(machine);
  }

  private MachineStatus probed(Machine machine) {
    boolean ssh = reach.accepts(machine.name(), machine.sshPort(), PROBE_MILLIS);
    return ssh
        ? MachineStatus.silent(machine.name(), State.down, "ssh answers, no peer does")
        : MachineStatus.silent(
            machine.name(), State.unreachable, "ssh does not answer on port " + machine.sshPort());
  }
}

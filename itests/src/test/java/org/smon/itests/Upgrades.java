// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.smon.client.Upgrade;
import org.smon.wire.MachineStatus;
import org.smon.wire.StatusAnswer;

/** Releases of a running demo: publishes them and looks what its machines have made of them. */
final class Upgrades {
  private static final int PUBLISH_SECONDS = 280;

  /** Of new bundles, in seconds; short, for what has to be seen in it is seen at once. */
  private static final int PROBATION_SECONDS = 3;

  private final RunningDemo demo;

  Upgrades(RunningDemo demo) {
    this.demo = demo;
  }

  /** Makes and publishes the next release, broken or not, and blocks until it has its verdict. */
  Smon.Result next(Object... more) {
    return demo.smon.runWithin(PUBLISH_SECONDS, words(more));
  }

  /** The same, and its verdict is not waited for. */
  Process begin() throws IOException {
    return demo.smon.start(words());
  }

  private Object[] words(Object... more) {
    List<Object> words = new ArrayList<>(List.of("demo", "upgrade", "--json"));
    words.addAll(List.of("--dir", demo.directory(), "--probation", PROBATION_SECONDS));
    words.addAll(List.of(more));
    return words.toArray();
  }

  /** Publishes by {@code smon upgrade}. */
  Smon.Result publish(Object... more) {
    List<Object> words = new ArrayList<>(List.of("upgrade", "--json"));
    words.addAll(List.of("--probation", PROBATION_SECONDS, "--timeout", PUBLISH_SECONDS - 20));
    words.addAll(List.of(more));
    return demo.smon.runWithin(PUBLISH_SECONDS, words.toArray());
  }

  static Upgrade.Outcome outcome(Smon.Result result) {
    return result.json(Upgrade.Outcome.class);
  }

  /** Of the peers as the processes there are, not as anybody tells. */
  Map<String, Long> pids() {
    Map<String, Long> pids = new TreeMap<>();
    demo.machines.forEach(m -> demo.peers(m).forEach(p -> pids.put(m, p.pid())));
    return pids;
  }

  /** The hash of the release that a machine starts with. */
  String installed(String machine) {
    return demo.line(machine, "state/installed").split(" ")[0];
  }

  boolean isOnTrial(String machine) {
    return !demo.line(machine, "state/trial").isEmpty();
  }

  /** Blocks until every peer answers, runs this version, and has nothing on trial. */
  StatusAnswer awaitAllOn(String version, int seconds) {
    StatusAnswer[] last = new StatusAnswer[1];
    Await.until(
        "all machines on " + version,
        seconds,
        () -> last[0],
        () -> {
          last[0] = demo.status();
          return last[0] != null
              && last[0].machines().stream().allMatch(m -> runs(m, version))
              && demo.machines.stream().noneMatch(this::isOnTrial);
        });
    return last[0];
  }

  private static boolean runs(MachineStatus machine, String version) {
    return machine.state() == MachineStatus.State.online && version.equals(machine.release());
  }

  static <T> List<T> ofEach(StatusAnswer status, Function<MachineStatus, T> what) {
    return status.machines().stream().map(what).distinct().toList();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.UpgradeApi.LocalState;

/**
 * The machines of an overlay by how far a release has come there. Only those whose peer answers are
 * counted: of others nothing is known.
 */
record Tally(String version, List<MachineStatus> online, List<MachineStatus> silent) {
  static Tally of(String version, List<MachineStatus> machines) {
    Predicate<MachineStatus> answers = m -> m.state() == State.online;
    return new Tally(
        version,
        machines.stream().filter(answers).toList(),
        machines.stream().filter(answers.negate()).toList());
  }

  List<MachineStatus> adopted() {
    return online.stream().filter(m -> runs(m) && is(m, LocalState.ADOPTED)).toList();
  }

  /** Those that run it and not on trial, whatever they say of a newer one. */
  List<MachineStatus> settled() {
    return online.stream().filter(m -> runs(m) && !is(m, LocalState.PROVISIONAL)).toList();
  }

  List<MachineStatus> provisional() {
    return in(LocalState.PROVISIONAL);
  }

  List<MachineStatus> rolledBack() {
    return in(LocalState.ROLLED_BACK);
  }

  /** Those that answer and are not done with it. */
  List<MachineStatus> stragglers() {
    List<MachineStatus> done = adopted();
    return online.stream()
        .filter(m -> !done.contains(m) && !is(m, LocalState.ROLLED_BACK))
        .toList();
  }

  /** True if nobody that answers runs it, not even on trial. */
  boolean isGone() {
    return provisional().isEmpty() && online.stream().noneMatch(this::runs);
  }

  private List<MachineStatus> in(LocalState state) {
    return online.stream().filter(m -> is(m, state)).toList();
  }

  private boolean runs(MachineStatus machine) {
    return Objects.equals(machine.release(), version);
  }

  private static boolean is(MachineStatus machine, LocalState state) {
    return state.word().equals(machine.releaseState());
  }
}

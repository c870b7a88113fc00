// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.ArrayList;
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
  private static final String RELEASE = "release ";
  private static final String QUARANTINED = "quarantined: ";

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
    return in(LocalState.ROLLED_BACK).stream().filter(this::isOfThis).toList();
  }

  /** Those that went back or did not try because others had refused it are not among them. */
  List<MachineStatus> refusing() {
    return rolledBack().stream().filter(m -> !reason(m).startsWith(QUARANTINED)).toList();
  }

  /** What a machine says against this very release. */
  String reason(MachineStatus machine) {
    String reason = machine.reason() == null ? "" : machine.reason();
    return reason.startsWith(prefix()) ? reason.substring(prefix().length()) : reason;
  }

  /** A peer that has not heard of this one yet still speaks of the one before. */
  private boolean isOfThis(MachineStatus machine) {
    String reason = reason(machine);
    return !reason.startsWith(RELEASE) || !reason.equals(machine.reason());
  }

  private String prefix() {
    return RELEASE + version + ": ";
  }

  /** Those that answer and are not done with it. */
  List<MachineStatus> stragglers() {
    List<MachineStatus> done = new ArrayList<>(adopted());
    done.addAll(rolledBack());
    return online.stream().filter(m -> !done.contains(m)).toList();
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

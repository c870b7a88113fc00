// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smon.api.Machine;
import org.smon.api.MachineList;

/**
 * Puts two lists together that were edited from one version (T5). The version itself need not be
 * known: tombstones tell a removal from a machine that the other never had. Pure.
 *
 * @param remarks what could not be known, one line each
 */
public record ListMerge(MachineList list, List<String> remarks) {

  /** What a merge with the loser would do to the list in force; names. */
  public record Difference(List<String> adds, List<String> removes, List<String> changes) {
    public boolean isNone() {
      return adds.isEmpty() && removes.isEmpty() && changes.isEmpty();
    }
  }

  public static ListMerge of(MachineList winner, MachineList loser) {
    Map<String, Machine> machines = byName(winner.machines());
    Map<String, Machine> removed = byName(winner.removed());
    Map<String, Machine> theirs = byName(loser.machines());
    Map<String, Machine> theirRemoved = byName(loser.removed());
    List<String> remarks = new ArrayList<>();
    for (Machine their : theirs.values()) {
      String name = their.name();
      if (machines.containsKey(name)) {
        machines.put(name, both(machines.get(name), their, remarks));
      } else if (removed.containsKey(name)) {
        remarks.add(name + ": one has it, the other removed it; it stays removed");
      } else {
        machines.put(name, their);
      }
    }
    for (Machine their : theirRemoved.values()) {
      String name = their.name();
      if (machines.remove(name) != null) {
        remarks.add(name + ": one has it, the other removed it; it is removed");
      }
      removed.putIfAbsent(name, their);
    }
    return new ListMerge(
        new MachineList(List.copyOf(machines.values()), List.copyOf(removed.values())), remarks);
  }

  /** Machines of the second list that the first lacks, and so on. */
  public static Difference difference(MachineList from, MachineList to) {
    Set<String> adds = new LinkedHashSet<>();
    Set<String> changes = new LinkedHashSet<>();
    for (Machine machine : to.machines()) {
      Machine before = from.find(machine.name()).orElse(null);
      if (before == null) {
        adds.add(machine.name());
      } else if (!before.equals(machine)) {
        changes.add(machine.name());
      }
    }
    List<String> removes =
        from.machines().stream().map(Machine::name).filter(name -> !to.contains(name)).toList();
    return new Difference(List.copyOf(adds), removes, List.copyOf(changes));
  }

  /** Where they differ, the winner is right. */
  private static Machine both(Machine winner, Machine loser, List<String> remarks) {
    Machine merged = filled(winner, loser);
    if (!merged.equals(filled(loser, winner))) {
      remarks.add(
          winner.name() + ": they differ in user, port, host key or tags; the winner's stay");
    }
    return merged;
  }

  /** What the one does not say is taken from the other. */
  private static Machine filled(Machine one, Machine other) {
    return new Machine(
        one.name(),
        one.user() == null ? other.user() : one.user(),
        one.sshPort() == Machine.DEFAULT_SSH_PORT ? other.sshPort() : one.sshPort(),
        one.hostKey() == null ? other.hostKey() : one.hostKey(),
        one.tags().isEmpty() ? other.tags() : one.tags());
  }

  private static Map<String, Machine> byName(List<Machine> machines) {
    Map<String, Machine> byName = new LinkedHashMap<>();
    machines.forEach(machine -> byName.put(machine.name(), machine));
    return byName;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where peers SHOULD run (R29), and the tombstones of machines that were taken off (T4). The body
 * of a LIST document; every peer holds all of it (R30). Names are unique over both parts.
 */
public final class MachineList {
  public static final MachineList EMPTY = new MachineList(List.of(), List.of());

  private final List<Machine> machines;
  private final List<Machine> removed;
  private final Map<String, Integer> indexByName = new HashMap<>();

  public MachineList(List<Machine> machines, List<Machine> removed) {
    this.machines = List.copyOf(machines);
    this.removed = List.copyOf(removed);
    for (int i = 0; i < this.machines.size(); i++) {
      String name = this.machines.get(i).name();
      if (indexByName.put(name, i) != null) {
        throw new InvalidInputException("machine " + name + " is in the list twice; name it once");
      }
    }
    Set<String> tombstones = new HashSet<>();
    for (Machine machine : this.removed) {
      if (indexByName.containsKey(machine.name()) || !tombstones.add(machine.name())) {
        throw new InvalidInputException(
            "removed machine " + machine.name() + " stands in the list a second time");
      }
    }
  }

  /** In the order the operator gave. */
  public List<Machine> machines() {
    return machines;
  }

  public List<Machine> removed() {
    return removed;
  }

  public int size() {
    return machines.size();
  }

  public Optional<Machine> find(String name) {
    return Optional.ofNullable(indexByName.get(name)).map(machines::get);
  }

  public boolean contains(String name) {
    return indexByName.containsKey(name);
  }

  /** One line a machine, tombstones marked by a leading {@code !}: the body of a LIST document. */
  public String body() {
    StringBuilder text = new StringBuilder();
    machines.forEach(m -> text.append(m.line()).append('\n'));
    removed.forEach(m -> text.append('!').append(m.line()).append('\n'));
    return text.toString();
  }

  public static MachineList ofBody(String body) {
    List<Machine> machines = new ArrayList<>();
    List<Machine> removed = new ArrayList<>();
    body.lines()
        .forEach(
            line -> {
              if (line.startsWith("!")) {
                removed.add(Machine.ofLine(line.substring(1)));
              } else {
                machines.add(Machine.ofLine(line));
              }
            });
    return new MachineList(machines, removed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MachineList that
        && machines.equals(that.machines)
        && removed.equals(that.removed);
  }

  @Override
  public int hashCode() {
    return machines.hashCode() * 31 + removed.hashCode();
  }

  @Override
  public String toString() {
    return machines.size() + " machines, " + removed.size() + " removed";
  }
}

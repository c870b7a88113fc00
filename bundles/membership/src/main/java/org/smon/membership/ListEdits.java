// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.smon.api.InvalidInputException;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Names;

/**
 * What an operator does to the machine list (R29, R31): each edit gives a new list and never an
 * invalid one. Who leaves it becomes a tombstone, so that an old list does not bring it back (T4).
 */
public final class ListEdits {
  private static final int NAMES_TOLD = 20;

  private ListEdits() {}

  public static MachineList add(MachineList list, List<ListEntry> entries) {
    List<Machine> machines = new ArrayList<>(list.machines());
    Map<String, Machine> tombstones = byName(list.removed());
    for (ListEntry entry : entries) {
      String name = entry.machine().name();
      if (list.contains(name)) {
        throw new InvalidInputException(
            "machine " + name + " is in the list already; `smon machines edit` changes it");
      }
      machines.add(merged(entry, tombstones.remove(name)));
    }
    return new MachineList(machines, List.copyOf(tombstones.values()));
  }

  /** All names that are not in the list are told at once. */
  public static MachineList remove(MachineList list, List<String> names) {
    List<String> unknown = names.stream().filter(name -> !list.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new InvalidInputException(
          (unknown.size() == 1 ? "machine " : "machines ")
              + unknown.stream().limit(NAMES_TOLD).map(Names::quote).collect(joining(", "))
              + (unknown.size() > NAMES_TOLD ? " and more" : "")
              + (unknown.size() == 1 ? " is" : " are")
              + " not in the list; `smon machines list` shows it");
    }
    Set<String> leaving = new HashSet<>(names);
    List<Machine> removed = new ArrayList<>(list.removed());
    list.machines().stream().filter(m -> leaving.contains(m.name())).forEach(removed::add);
    List<Machine> staying =
        list.machines().stream().filter(m -> !leaving.contains(m.name())).toList();
    return new MachineList(staying, removed);
  }

  /** The whole list at once; machines that stay keep what the entries leave out. */
  public static MachineList set(MachineList list, List<ListEntry> entries) {
    Map<String, Machine> tombstones = byName(list.removed());
    tombstones.putAll(byName(list.machines()));
    Map<String, Machine> before = new HashMap<>(tombstones);
    List<Machine> machines = new ArrayList<>();
    for (ListEntry entry : entries) {
      String name = entry.machine().name();
      machines.add(merged(entry, before.get(name)));
      tombstones.remove(name);
    }
    return new MachineList(machines, List.copyOf(tombstones.values()));
  }

  public static MachineList edit(MachineList list, String name, UnaryOperator<Machine> change) {
    existing(list, name);
    List<Machine> machines =
        list.machines().stream().map(m -> m.name().equals(name) ? change.apply(m) : m).toList();
    return new MachineList(machines, list.removed());
  }

  private static Machine merged(ListEntry entry, Machine older) {
    return older == null ? entry.machine() : entry.over(older);
  }

  private static Machine existing(MachineList list, String name) {
    return list.find(name)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "machine "
                        + Names.quote(name)
                        + " is not in the list; `smon machines list` shows it"));
  }

  private static Map<String, Machine> byName(List<Machine> machines) {
    Map<String, Machine> byName = new LinkedHashMap<>();
    machines.forEach(machine -> byName.put(machine.name(), machine));
    return byName;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.membership.ListEntry;
import org.smon.ssh.KnownHosts;

/**
 * Host keys for machines that have none yet (R39): from the user's known_hosts, else, if wanted,
 * from the machines themselves after the user has looked at them.
 */
final class Pins {
  private static final int NAMED_IN_WARNING = 5;

  private final KnownHosts known;
  private final Console console;
  private final MachineOptions options;

  Pins(KnownHosts known, Console console, MachineOptions options) {
    this.known = known;
    this.console = console;
    this.options = options;
  }

  static Pins of(Smon smon, MachineOptions options) throws IOException {
    var file = smon.surroundings().userHome().resolve(".ssh/known_hosts");
    return new Pins(KnownHosts.read(file), smon.console(), options);
  }

  /** The list with pins for those of the named machines that lack one and can be given one. */
  MachineList pin(MachineList list, List<ListEntry> named) {
    Set<String> names = named.stream().map(e -> e.machine().name()).collect(Collectors.toSet());
    List<Machine> pinned =
        list.machines().stream()
            .map(m -> names.contains(m.name()) ? fromKnownHosts(m) : m)
            .toList();
    List<Machine> open =
        pinned.stream().filter(m -> m.pin().isEmpty() && names.contains(m.name())).toList();
    Map<String, String> scanned = options.scan ? scan(open) : Map.of();
    warn(open.stream().map(Machine::name).filter(n -> !scanned.containsKey(n)).toList());
    return new MachineList(
        pinned.stream().map(m -> with(m, scanned.get(m.name()))).toList(), list.removed());
  }

  /** The machine with the key it shows now, instead of the pinned one. */
  Machine scanAnew(Machine machine) {
    Map<String, String> scanned = scan(List.of(machine));
    if (scanned.isEmpty()) {
      throw new FailedException(machine.name() + " shows no host key; the list is as it was");
    }
    return machine.withHostKey(scanned.get(machine.name()));
  }

  private static Machine with(Machine machine, String fingerprint) {
    return fingerprint == null ? machine : machine.withHostKey(fingerprint);
  }

  private Machine fromKnownHosts(Machine machine) {
    return machine.pin().isPresent() ? machine : with(machine, trusted(machine));
  }

  /** The first key the user has: ssh itself prefers the kind that stands there. */
  private String trusted(Machine machine) {
    return known.fingerprints(machine.name(), machine.sshPort()).stream().findFirst().orElse(null);
  }

  private Map<String, String> scan(List<Machine> machines) {
    HostKeyScan.Result result = HostKeyScan.scan(machines);
    result.failed().forEach((name, why) -> console.note(name + ": no host key: " + why));
    result.found().forEach((name, key) -> console.note(name + " " + key));
    if (result.found().isEmpty() || options.yes || console.confirm("Pin these host keys?")) {
      return result.found();
    }
    throw new FailedException("the host keys were not confirmed; the list is as it was");
  }

  private void warn(List<String> unpinned) {
    if (!unpinned.isEmpty()) {
      int more = unpinned.size() - NAMED_IN_WARNING;
      console.note(
          "smon: no host key is known of "
              + String.join(", ", unpinned.subList(0, Math.min(NAMED_IN_WARNING, unpinned.size())))
              + (more > 0 ? " and " + more + " more" : "")
              + "; nobody logs in there until it is pinned: smon machines edit NAME --scan");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import org.smon.api.Machine;
import org.smon.membership.ListEntry;
import picocli.CommandLine.Option;

/** What `machines add`, `set` and `edit` can say about a machine besides its name. */
final class MachineOptions {
  @Option(
      names = "--host-key",
      paramLabel = "FINGERPRINT",
      description = "pin this host key: SHA256:..., as ssh-keygen -lf shows it")
  String hostKey;

  @Option(
      names = "--scan",
      description = "fetch the host keys that are neither given nor in known_hosts, show them, ask")
  boolean scan;

  @Option(names = "--yes", description = "take all questions as answered with yes")
  boolean yes;

  @Option(names = "--tag", paramLabel = "TAG", description = "label the machine; repeatable")
  List<String> tags = List.of();

  @Option(names = "--user", description = "login user, if HOST names none")
  String user;

  @Option(names = "--port", paramLabel = "PORT", description = "ssh port, if HOST names none")
  Integer port;

  /** The entry with what the options add; what HOST itself says wins. */
  ListEntry complete(ListEntry entry) {
    Machine machine = entry.machine();
    if (user != null && machine.user() == null) {
      machine = machine.withUser(user);
    }
    boolean portAdded = port != null && !entry.portGiven();
    if (portAdded) {
      machine = machine.withSshPort(port);
    }
    if (hostKey != null) {
      machine = machine.withHostKey(hostKey);
    }
    machine = tags.isEmpty() ? machine : machine.withTags(tags);
    return new ListEntry(machine, entry.portGiven() || portAdded);
  }

  /** The machine with what the options say instead of what it said. */
  Machine override(Machine machine) {
    Machine edited = user == null ? machine : machine.withUser(user);
    edited = port == null ? edited : edited.withSshPort(port);
    edited = hostKey == null ? edited : edited.withHostKey(hostKey);
    return tags.isEmpty() ? edited : edited.withTags(tags);
  }

  /** False if nothing about a machine is said at all. */
  boolean sayNothing() {
    return user == null && port == null && hostKey == null && tags.isEmpty() && !scan;
  }
}

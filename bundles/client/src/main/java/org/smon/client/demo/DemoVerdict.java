// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.smon.wire.MachineStatus;
import org.smon.wire.MachineStatus.AppStatus;
import org.smon.wire.MachineStatus.State;

/**
 * Whether the demo's machines are after a release as they should be: every process the same one as
 * before, and all on the new release, or after a broken one on the old.
 */
final class DemoVerdict {
  /** Machines of the first wave, of which a hung activation may cost the peer (at most). */
  private static final int CANARIES = 2;

  private final Map<String, MachineStatus> before = new TreeMap<>();
  private final Fault fault;
  private final String version;
  private final List<String> wrong = new ArrayList<>();
  private int restarted;

  /**
   * @param fault what was broken, or null
   * @param version of the published release
   */
  DemoVerdict(List<MachineStatus> before, Fault fault, String version) {
    before.forEach(machine -> this.before.put(machine.name(), machine));
    this.fault = fault;
    this.version = version;
  }

  /** One line for each thing that is not as it should be; none if all is. */
  List<String> wrong(List<MachineStatus> after) {
    after.forEach(this::check);
    int allowed = fault == Fault.hanging ? CANARIES : 0;
    if (restarted > allowed) {
      wrong.add(restarted + " peers are new processes, " + allowed + " may be");
    }
    return wrong;
  }

  /** Peers that are another process than before. */
  int restarted() {
    return restarted;
  }

  private void check(MachineStatus machine) {
    MachineStatus was = before.get(machine.name());
    String wanted = fault == null ? version : was.release();
    if (machine.state() != State.online) {
      wrong.add(machine.name() + " is " + machine.state());
      return;
    }
    if (!Objects.equals(machine.release(), wanted)) {
      wrong.add(machine.name() + " runs " + machine.release() + ", not " + wanted);
    }
    restarted += Objects.equals(machine.pid(), was.pid()) ? 0 : 1;
    if (!pids(machine).equals(pids(was))) {
      wrong.add(machine.name() + ": applications are other processes than before");
    }
  }

  private static Map<String, String> pids(MachineStatus machine) {
    Map<String, String> pids = new TreeMap<>();
    for (AppStatus app : machine.apps()) {
      pids.put(app.name(), String.valueOf(app.pid()));
    }
    return pids;
  }
}

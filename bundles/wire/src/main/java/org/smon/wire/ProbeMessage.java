// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.Objects;
import org.smon.api.Names;

/**
 * An indirect ping (R16): whoever did not hear from a machine asks another to ping it too.
 *
 * @param from who asks
 * @param machine whom to ping
 */
public record ProbeMessage(String from, String machine) {
  public ProbeMessage {
    Names.requireMachine(Objects.requireNonNullElse(from, ""));
    Names.requireMachine(Objects.requireNonNullElse(machine, ""));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.store;

import java.nio.file.Path;
import java.time.Instant;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.smon.api.InvalidInputException;
import org.smon.api.LocalPeer;
import org.smon.api.Names;

/** Who this peer is, as its start script says by system properties. */
@Component(service = LocalPeer.class)
public final class SystemLocalPeer implements LocalPeer {
  private final String name = Names.requireMachine(required("smon.machine"));
  private final String overlay = Names.requireHash(required("smon.overlay"));
  private final Path root = Path.of(required("smon.root")).toAbsolutePath();
  private final Instant started =
      ProcessHandle.current().info().startInstant().orElseGet(Instant::now);

  @Activate
  public SystemLocalPeer() {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public String overlay() {
    return overlay;
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public Instant started() {
    return started;
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    if (value == null || value.isEmpty()) {
      throw new InvalidInputException(
          "system property " + property + " is missing; start the peer by its bin/peer");
    }
    return value;
  }
}

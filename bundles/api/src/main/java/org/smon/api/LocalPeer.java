// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.nio.file.Path;
import java.time.Instant;

/** Who and where this peer is. */
public interface LocalPeer {
  /** The machine's name in the list. */
  String name();

  /** The overlay's id. */
  String overlay();

  /** The install root on this machine. */
  Path root();

  long pid();

  Instant started();
}

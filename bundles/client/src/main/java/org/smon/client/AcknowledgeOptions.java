// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import picocli.CommandLine.Option;

/** How long a verb that signs something waits until three machines have it on disk. */
final class AcknowledgeOptions {
  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "" + Publication.DEFAULT_TIMEOUT_SECONDS,
      description =
          "how long to try until three machines have it on disk (default: ${DEFAULT-VALUE})")
  int timeoutSeconds;
}

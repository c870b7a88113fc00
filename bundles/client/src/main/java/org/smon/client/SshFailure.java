// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Mina's failures in words for people: its own name futures and Java classes. */
public final class SshFailure {
  private SshFailure() {}

  /** Half a line without the machine's name. */
  public static String told(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof UnresolvedAddressException) {
      return "the name does not resolve";
    }
    if (root instanceof TimeoutException) {
      return "no answer in time";
    }
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    return root instanceof ConnectException ? message.toLowerCase(Locale.ROOT) : message;
  }
}

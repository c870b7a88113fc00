// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.net.ConnectException;

/** Why no pong came. */
final class Unanswered {
  private Unanswered() {}

  /** True if the machine itself said that nobody listens there: it lives, and its peer does not. */
  static boolean closed(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException && isRefusal(cause.getMessage())) {
        return true;
      }
    }
    return false;
  }

  /** The JDK has one class for a refusal and for a time-out by the kernel. */
  private static boolean isRefusal(String message) {
    return message != null && message.toLowerCase(java.util.Locale.ROOT).contains("refused");
  }
}

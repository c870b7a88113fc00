// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The other side answers, and so it lives, but cannot serve now: it starts, is busy, or its bundles
 * are being swapped. The message is one line.
 */
public final class NotReadyException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  public NotReadyException(String message) {
    super(message, new IOException(message));
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What the far end says: the ssh library's thread writes, the visit's thread reads lines and bytes
 * with a deadline. Bounded, for the far end is not to be trusted with this process's memory.
 */
final class Answers extends OutputStream {
  private static final int LIMIT_BYTES = 16 * 1024 * 1024;

  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private byte[] arrived = new byte[0];
  private int position;
  private boolean closed;

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (buffer.size() + length > LIMIT_BYTES) {
      throw new IOException("the far end sends too much");
    }
    buffer.write(bytes, offset, length);
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** The next line without its end. */
  synchronized String line(long timeoutMillis) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long deadline = deadline(timeoutMillis);
    for (int b = next(deadline); b != '\n'; b = next(deadline)) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  synchronized byte[] bytes(int count, long timeoutMillis) throws IOException {
    byte[] bytes = new byte[count];
    long deadline = deadline(timeoutMillis);
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) next(deadline);
    }
    return bytes;
  }

  private static long deadline(long timeoutMillis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
  }

  private int next(long deadline) throws IOException {
    while (position == arrived.length) {
      refill(deadline);
    }
    return arrived[position++] & 0xff;
  }

  private void refill(long deadline) throws IOException {
    if (buffer.size() > 0) {
      arrived = buffer.toByteArray();
      position = 0;
      buffer.reset();
    } else if (closed) {
      throw new EOFException("the connection was closed");
    } else {
      await(deadline);
    }
  }

  private void await(long deadline) throws IOException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new IOException("no answer in time");
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

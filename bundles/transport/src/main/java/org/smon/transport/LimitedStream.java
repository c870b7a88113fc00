// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.ws.rs.ClientErrorException;
import javax.ws.rs.core.Response;

/**
 * A body that ends in an error beyond its limit, whatever length was announced, and beyond its
 * time: whoever sends a byte now and then must not hold a thread.
 */
final class LimitedStream extends FilterInputStream {
  private final long limit;
  private final long patienceNanos;
  private final LongSupplier nanoTime;
  private final long began;
  private long left;

  LimitedStream(InputStream in, long limit, long patienceMillis) {
    this(in, limit, patienceMillis, System::nanoTime);
  }

  LimitedStream(InputStream in, long limit, long patienceMillis, LongSupplier nanoTime) {
    super(in);
    this.limit = limit;
    this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
    left = limit;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int read) {
    left -= read;
    if (left < 0) {
      throw tooLarge(limit);
    }
    if (read > 0 && nanoTime.getAsLong() - began > patienceNanos) {
      throw new ClientErrorException("the body came too slowly", Response.Status.REQUEST_TIMEOUT);
    }
  }

  static ClientErrorException tooLarge(long limit) {
    return new ClientErrorException(
        "the body is larger than " + limit + " bytes", Response.Status.REQUEST_ENTITY_TOO_LARGE);
  }
}

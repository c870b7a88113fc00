// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import javax.ws.rs.ClientErrorException;
import org.junit.jupiter.api.Test;

class LimitedStreamTest {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();

  @Test
  void aBodyWithinItsLimitsIsReadWhole() throws IOException {
    assertEquals(10, of(10, 10).readAllBytes().length);
  }

  @Test
  void aBodyBeyondItsLimitIsCut() {
    assertEquals(413, status(of(11, 10)));
  }

  @Test
  void aBodyThatDripsIsGivenUp() throws IOException {
    InputStream drip = of(10, 10);
    drip.read();
    now.set(6 * SECOND_NANOS);
    assertEquals(408, status(drip));
  }

  @Test
  void theEndOfABodyMayBeSeenLate() throws IOException {
    InputStream body = of(1, 10);
    body.read();
    now.set(60 * SECOND_NANOS);
    assertEquals(-1, body.read());
  }

  private InputStream of(int bytes, int limit) {
    return new LimitedStream(new ByteArrayInputStream(new byte[bytes]), limit, 5_000, now::get);
  }

  private static int status(InputStream body) {
    return assertThrows(ClientErrorException.class, body::readAllBytes).getResponse().getStatus();
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.io.InputStream;
import javax.annotation.Priority;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.PreMatching;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.ext.Provider;

/** Refuses bodies that no message can have, before they are held in memory. */
@Provider
@PreMatching
@Priority(1)
public final class BodyLimit implements ContainerRequestFilter {
  /** A list of 15,000 machines with users, pins and tags, and then some. */
  public static final int MAX_BYTES = 4 << 20;

  /** For the whole body; Jetty gives up on one that stalls long before. */
  private static final int MAX_MILLIS = 60_000;

  /** {@code hasEntity} is not asked: CXF reads the whole body into memory to answer it. */
  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    if (announced(request) > MAX_BYTES) {
      throw LimitedStream.tooLarge(MAX_BYTES);
    }
    InputStream body = request.getEntityStream();
    if (body != null) {
      request.setEntityStream(new LimitedStream(body, MAX_BYTES, MAX_MILLIS));
    }
  }

  /** Jetty has checked the header's form; {@code getLength} is -1 for what an int cannot hold. */
  private static long announced(ContainerRequestContext request) {
    String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }
}

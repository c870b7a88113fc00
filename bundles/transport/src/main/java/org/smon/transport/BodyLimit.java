// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import javax.annotation.Priority;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.PreMatching;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.Provider;
import org.smon.wire.WireError;

/** Refuses bodies that no message can have, before they are held in memory. */
@Provider
@PreMatching
@Priority(1)
public final class BodyLimit implements ContainerRequestFilter {
  /** A list of 15,000 machines with users, pins and tags, and then some. */
  public static final int MAX_BYTES = 4 << 20;

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    if (request.getLength() > MAX_BYTES) {
      request.abortWith(
          Response.status(Response.Status.REQUEST_ENTITY_TOO_LARGE)
              .type(MediaType.APPLICATION_JSON_TYPE)
              .entity(new WireError(LimitedStream.MESSAGE))
              .header("Connection", "close")
              .build());
    } else if (request.hasEntity()) {
      request.setEntityStream(new LimitedStream(request.getEntityStream(), MAX_BYTES));
    }
  }
}

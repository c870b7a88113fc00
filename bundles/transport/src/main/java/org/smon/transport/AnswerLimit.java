// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import javax.ws.rs.client.ClientRequestContext;
import javax.ws.rs.client.ClientResponseContext;
import javax.ws.rs.client.ClientResponseFilter;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.ext.Provider;

/** Bounds what an answer may take of our memory; blobs are streams and go to disk. */
@Provider
public final class AnswerLimit implements ClientResponseFilter {
  /** A status of 15,000 machines. */
  private static final long MAX_BYTES = 16L << 20;

  private static final int MAX_MILLIS = 120_000;

  @Override
  public void filter(ClientRequestContext request, ClientResponseContext answer)
      throws IOException {
    if (answer.hasEntity()
        && !MediaType.APPLICATION_OCTET_STREAM_TYPE.isCompatible(answer.getMediaType())) {
      answer.setEntityStream(new LimitedStream(answer.getEntityStream(), MAX_BYTES, MAX_MILLIS));
    }
  }
}

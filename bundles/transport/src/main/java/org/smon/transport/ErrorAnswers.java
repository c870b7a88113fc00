// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.Provider;
import org.apache.cxf.io.DelegatingInputStream;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.PhaseInterceptorChain;
import org.eclipse.jetty.http.BadMessageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.wire.WireError;

/** Every failure becomes a status and one line of JSON; nothing of the inside is told. */
@Provider
public final class ErrorAnswers implements ExceptionMapper<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
  private static final int BAD_REQUEST = 400;
  private static final int REFUSED = 403;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int INTERNAL = 500;

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof RefusedException) {
      return answer(REFUSED, failure.getMessage());
    }
    if (failure instanceof InvalidInputException) {
      return answer(BAD_REQUEST, failure.getMessage());
    }
    if (failure instanceof WebApplicationException web) {
      return answer(web.getResponse().getStatus(), web.getMessage());
    }
    if (failure instanceof BadMessageException slowOrBroken) {
      return answer(slowOrBroken.getCode(), slowOrBroken.getReason());
    }
    if (failure instanceof IOException || failure instanceof TimeoutException) {
      return answer(REQUEST_TIMEOUT, "the request did not arrive whole");
    }
    LOG.error("a request failed", failure);
    return answer(INTERNAL, "internal error, see the peer's log");
  }

  private static Response answer(int status, String message) {
    stopReading();
    String line = String.valueOf(message).lines().findFirst().orElse("");
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(new WireError(line))
        .build();
  }

  /** CXF would first wait for up to 16 MB of a body that nobody wants any more. */
  private static void stopReading() {
    Message request = PhaseInterceptorChain.getCurrentMessage();
    if (request != null) {
      request.removeContent(DelegatingInputStream.class);
    }
  }
}

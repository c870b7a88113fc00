// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import javax.net.ssl.SSLException;
import javax.ws.rs.ProcessingException;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.core.Response;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.transport.CxfConnections.Target;
import org.smon.wire.Json;
import org.smon.wire.NotReadyException;
import org.smon.wire.WireError;

/**
 * Around a CXF proxy: a no of the other side becomes {@link RefusedException}, everything that
 * might go better another time {@link UncheckedIOException}, if it was answered at all a {@link
 * NotReadyException}. Both messages are one line.
 */
final class Refusals<T> implements InvocationHandler {
  private static final String OTHER_KEY =
      "it speaks under another K_E: of another overlay, or rotated since";
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int REQUEST_TIMEOUT = 408;

  private final T proxy;
  private final Class<T> contract;
  private final Target target;

  Refusals(T proxy, Class<T> contract, Target target) {
    this.proxy = proxy;
    this.contract = contract;
    this.target = target;
  }

  T face() {
    return contract.cast(
        Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, this));
  }

  @Override
  public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(proxy, arguments);
    } catch (InvocationTargetException e) {
      throw translated(e.getCause());
    }
  }

  private Throwable translated(Throwable failure) {
    if (failure instanceof WebApplicationException web) {
      return ofAnswer(web.getResponse());
    }
    if (failure instanceof ProcessingException || failure instanceof InvalidInputException) {
      return lost(failure);
    }
    return failure;
  }

  private Throwable ofAnswer(Response answer) {
    int status = answer.getStatus();
    String error = errorOf(answer, status);
    return status >= FIRST_SERVER_ERROR || status == REQUEST_TIMEOUT
        ? new NotReadyException(told(error))
        : new RefusedException(error);
  }

  private static String errorOf(Response answer, int status) {
    if (!(answer.getEntity() instanceof InputStream body)) {
      return "status " + status;
    }
    try (Reader text = new InputStreamReader(body, StandardCharsets.UTF_8)) {
      String error = Json.<WireError>read(text, WireError.class).error();
      return error.lines().findFirst().orElse("status " + status);
    } catch (IOException | RuntimeException e) {
      return "status " + status;
    }
  }

  private UncheckedIOException lost(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return unchecked(isAboutTrust(root) ? OTHER_KEY : firstLine(root), failure);
  }

  /** JSSE speaks of paths and alerts here. */
  private static boolean isAboutTrust(Throwable root) {
    return root instanceof CertPathBuilderException
        || root instanceof SSLException && firstLine(root).contains("certificate");
  }

  private static String firstLine(Throwable root) {
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  private String told(String what) {
    return target.host() + " port " + target.port() + ": " + what;
  }

  private UncheckedIOException unchecked(String what, Throwable cause) {
    String line = told(what);
    return new UncheckedIOException(line, new IOException(line, cause));
  }
}

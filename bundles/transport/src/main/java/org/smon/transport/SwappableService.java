// SPDX-License-Identifier: Apache-2.0
package org.smon.transport;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.ws.rs.ServiceUnavailableException;

/**
 * Stands where a service may be swapped while the port stays open (R18): forwards to whichever is
 * there, 503 while there is none. Any thread.
 */
final class SwappableService<T> implements InvocationHandler {
  private final T face;
  private volatile T current;

  SwappableService(Class<T> contract) {
    face =
        contract.cast(
            Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, this));
  }

  /** What the listener serves. */
  T face() {
    return face;
  }

  void set(T service) {
    current = service;
  }

  void unset(T service) {
    if (current == service) {
      current = null;
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, method, arguments);
    }
    T service = current;
    if (service == null) {
      throw new ServiceUnavailableException("the peer is starting, or being upgraded");
    }
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object ofObject(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "the service behind the listener";
    };
  }
}

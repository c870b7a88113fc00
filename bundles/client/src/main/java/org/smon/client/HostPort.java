// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import org.smon.api.InvalidInputException;
import org.smon.api.Names;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code ADDR:PORT} on the command line. */
public record HostPort(String host, int port) {
  @Override
  public String toString() {
    return host + ":" + port;
  }

  /** For picocli. */
  public static final class Converter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String text) {
      int colon = text.lastIndexOf(':');
      try {
        String host = Names.requireMachine(text.substring(0, Math.max(0, colon)));
        return new HostPort(host, Names.requirePort(Integer.parseInt(text.substring(colon + 1))));
      } catch (NumberFormatException | InvalidInputException e) {
        throw new TypeConversionException(Names.quote(text) + " is not ADDR:PORT");
      }
    }
  }
}

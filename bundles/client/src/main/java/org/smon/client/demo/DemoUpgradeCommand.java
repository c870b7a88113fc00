// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.smon.client.Smon;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code smon demo upgrade}. */
@Command(
    name = "upgrade",
    description = {
      "Makes the next release of the demo's overlay out of the one that runs, publishes it, and watches it",
      "spread live. With --broken a real fault is in it, and the overlay refuses it. Exit status 0 when what",
      "should happen has happened: all machines on the new release, or all back on the old one, and every",
      "peer the same process as before (but for --broken hangs, which may cost the first wave its peers)."
    })
final class DemoUpgradeCommand implements Callable<Integer> {
  @Option(
      names = "--broken",
      paramLabel = "KIND",
      converter = FaultConverter.class,
      description = "what is wrong with it: throws, unresolved, hangs, leaks, mute or stuck")
  private Fault broken;

  @Option(
      names = "--probation",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "how long new bundles have to be well (default: ${DEFAULT-VALUE})")
  private int probationSeconds;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "240",
      description = "how long to watch (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @ParentCommand private DemoCommand demo;
  @Spec private CommandSpec spec;

  static final class FaultConverter implements ITypeConverter<Fault> {
    @Override
    public Fault convert(String word) {
      return Arrays.stream(Fault.values())
          .filter(fault -> fault.toString().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + word + "' is none of throws, unresolved, hangs, leaks, mute, stuck"));
    }
  }

  @Override
  public Integer call() throws IOException {
    RunningDemo.at(demo.directory());
    return new DemoUpgrade(demo.directory(), Smon.of(spec).console(), timeoutSeconds)
        .run(broken, probationSeconds);
  }
}

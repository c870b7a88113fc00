// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.vmOption;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.doNotModifyLogConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;

import java.io.IOException;
import java.util.Map;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;

/** A container that starts what a machine gets, from its own install root. */
final class ExamOptions {
  private ExamOptions() {}

  /**
   * @param told system properties by which the host's side tells the tests inside of something
   */
  static Option[] of(PreparedRoot root, Map<String, String> told) throws IOException {
    Option[] container =
        options(
            karafDistributionConfiguration()
                .existing(root.runtime().toFile())
                .name("smon")
                .karafVersion(System.getProperty("karaf.version"))
                .useDeployFolder(false),
            doNotModifyLogConfiguration(),
            configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
            vmOption("-Xmx128m"),
            vmOption("-XX:TieredStopAtLevel=1"),
            vmOption("-Dsmon.root=" + root.directory()),
            vmOption("-Dsmon.machine=" + root.machine()),
            vmOption("-Dsmon.overlay=" + root.overlay()),
            editConfigurationFilePut(
                "etc/org.apache.karaf.features.cfg",
                "featuresRepositories",
                "mvn:org.smon/smon-features/"
                    + System.getProperty("smon.version")
                    + "/xml/features"));
    Option[] words =
        told.entrySet().stream()
            .map(e -> vmOption("-D" + e.getKey() + "=" + e.getValue()))
            .toArray(Option[]::new);
    return OptionUtils.combine(container, words);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.ops4j.pax.url.mvn;

import java.util.Dictionary;
import org.smon.repository.LocalArtifacts;
import org.smon.repository.LocalResolver;

/** Where Karaf's FeaturesService asks for a resolver, by this name: it gets ours. */
public final class MavenResolvers {
  private MavenResolvers() {}

  public static MavenResolver createMavenResolver(
      Dictionary<String, String> configuration, String prefix) {
    return new LocalResolver(LocalArtifacts.ofThisPeer());
  }

  public static MavenResolver createMavenResolver(
      MirrorInfo mirror, Dictionary<String, String> configuration, String prefix) {
    return createMavenResolver(configuration, prefix);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.IOException;
import java.util.Arrays;
import org.smon.api.Blobs;
import org.smon.api.Release;
import org.smon.client.ReleaseSource;

/** What {@code smon demo upgrade} makes and publishes, for tests that publish it themselves. */
public final class MadeReleases {
  private MadeReleases() {}

  /** The release after this one, with these changed bundles in it and news in the shell. */
  public static ReleaseSource after(Release now, Blobs blobs, String version) throws IOException {
    return new NextRelease(now, blobs, version, null);
  }

  /** The same with a fault. */
  public static ReleaseSource broken(Release now, Blobs blobs, String version, String kind)
      throws IOException {
    Fault fault =
        Arrays.stream(Fault.values())
            .filter(one -> one.toString().equals(kind))
            .findFirst()
            .orElseThrow();
    return new NextRelease(now, blobs, version, fault);
  }
}

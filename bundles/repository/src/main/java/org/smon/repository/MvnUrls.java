// SPDX-License-Identifier: Apache-2.0
package org.smon.repository;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.url.AbstractURLStreamHandlerService;
import org.osgi.service.url.URLStreamHandlerService;

/** {@code mvn:} for the framework. FeaturesService waits for it, so it is started before. */
@Component(service = URLStreamHandlerService.class, property = "url.handler.protocol=mvn")
public final class MvnUrls extends AbstractURLStreamHandlerService {
  private final LocalArtifacts artifacts = LocalArtifacts.ofThisPeer();

  @Override
  public URLConnection openConnection(URL url) throws IOException {
    return artifacts.find(url.toExternalForm()).toUri().toURL().openConnection();
  }
}

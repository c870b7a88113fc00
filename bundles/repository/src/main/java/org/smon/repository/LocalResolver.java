// SPDX-License-Identifier: Apache-2.0
package org.smon.repository;

import java.io.File;
import java.io.IOException;
import org.ops4j.pax.url.mvn.MavenResolver;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What Karaf calls, over the files that are here. What is not here will not come by waiting. A
 * service too: without it Karaf registers none of its {@code feature:*} commands.
 */
@Component(service = MavenResolver.class)
public final class LocalResolver implements MavenResolver {
  private final LocalArtifacts artifacts;

  @Activate
  public LocalResolver() {
    this(LocalArtifacts.ofThisPeer());
  }

  public LocalResolver(LocalArtifacts artifacts) {
    this.artifacts = artifacts;
  }

  @Override
  public File resolve(String url) throws IOException {
    return artifacts.find(url).toFile();
  }

  @Override
  public File resolve(String url, Exception previous) throws IOException {
    return resolve(url);
  }

  @Override
  public File resolve(String group, String artifact, String classifier, String type, String version)
      throws IOException {
    boolean classified = classifier != null && !classifier.isEmpty();
    return resolve(
        String.join("/", group, artifact, version, type) + (classified ? "/" + classifier : ""));
  }

  @Override
  public File resolve(
      String group,
      String artifact,
      String classifier,
      String type,
      String version,
      Exception previous)
      throws IOException {
    return resolve(group, artifact, classifier, type, version);
  }

  @Override
  public File resolveMetadata(String group, String artifact, String type, String version)
      throws IOException {
    throw new IOException("version ranges are not resolved here: name the version of " + artifact);
  }

  @Override
  public File resolveMetadata(
      String group, String artifact, String type, String version, Exception previous)
      throws IOException {
    return resolveMetadata(group, artifact, type, version);
  }

  @Override
  public void upload(
      String group, String artifact, String classifier, String type, String version, File file)
      throws IOException {
    throw readOnly();
  }

  @Override
  public void uploadMetadata(String group, String artifact, String type, String version, File file)
      throws IOException {
    throw readOnly();
  }

  @Override
  public RetryChance isRetryableException(Exception failure) {
    return RetryChance.NEVER;
  }

  @Override
  public void close() {}

  private static IOException readOnly() {
    return new IOException("a peer's files come by its release alone");
  }
}

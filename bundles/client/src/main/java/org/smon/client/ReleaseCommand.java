// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.Document;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon release}: what to publish. */
@Command(
    name = "release",
    description = "Makes releases of SMON; `smon upgrade` publishes them.",
    synopsisSubcommandLabel = "build",
    subcommands = ReleaseCommand.Build.class)
final class ReleaseCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name build");
  }

  /** The JSON of this verb. */
  record Built(String file, String version, int files, int changed, long bytes) {}

  /** {@code smon release build}. */
  @Command(
      name = "build",
      description = {
        "Makes and signs a release: one file for `smon upgrade`. DIR holds runtime.tar.gz and, in Maven's",
        "layout, the bundles and the features repository smon-features, such as karaf-assembly/target/release.",
        "A runtime that the overlay runs already is named and not packed."
      })
  static final class Build implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "features repository, bundles and runtime")
    private Path directory;

    @Option(
        names = {"-o", "--output"},
        required = true,
        paramLabel = "FILE",
        description = "where to write it")
    private Path file;

    @Option(
        names = "--release-version",
        paramLabel = "V",
        description = "its version (default: that of the features repository)")
    private String version;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      ClientHome home = Smon.of(spec).home();
      ReleaseFolder source = ReleaseFolder.scan(directory, version);
      HomeReleases known = home.releases();
      new ReleaseCheck(known, home.blobs()).check(source);
      List<Blob> before = known.adopted().map(Build::blobs).orElse(List.of());
      ReleaseArchive.write(
          file,
          source,
          blob -> blob.kind() == Release.Kind.BUNDLE || !before.contains(blob),
          home.documents().overlayId(),
          home.operator());
      tell(source.release(), before);
      return ExitStatus.DONE;
    }

    private static List<Blob> blobs(Document release) {
      return Release.ofBody(release.body()).blobs();
    }

    private void tell(Release release, List<Blob> before) {
      List<Blob> changed = release.blobs().stream().filter(b -> !before.contains(b)).toList();
      long bytes = changed.stream().mapToLong(Blob::size).sum();
      Console console = Smon.of(spec).console();
      console.result(
          new Built(
              file.toString(), release.version(), release.blobs().size(), changed.size(), bytes));
      console.say(
          "%s: release %s of %d files, %d of them new to this overlay, %.1f MB"
              .formatted(
                  file, release.version(), release.blobs().size(), changed.size(), bytes / 1e6));
    }
  }
}

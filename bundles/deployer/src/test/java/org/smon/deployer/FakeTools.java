// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What a machine offers for a start at boot, as commands that keep their state in files. */
final class FakeTools {
  private final Path directory;

  FakeTools(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    tool("systemctl", "exit 1");
    tool("loginctl", "exit 1");
    tool("crontab", "exit 1");
  }

  /** The fakes come before the real ones. */
  String path() {
    return directory + ":" + System.getenv("PATH");
  }

  /** As Vixie's: {@code -l}, {@code -r} and {@code -}. */
  void offerCron() throws IOException {
    tool(
        "crontab",
        """
        table='%s'
        case $1 in
          -l) [ -f "$table" ] && exec cat "$table"; echo 'no crontab for me' >&2; exit 1 ;;
          -r) rm "$table" ;;
          -) cat >"$table.new" && mv "$table.new" "$table" ;;
        esac
        """
            .formatted(crontab()));
  }

  void refuseCron() throws IOException {
    tool("crontab", "echo 'you are not allowed to use this program' >&2; exit 1");
  }

  /** A user manager that is up as soon as the user lingers. */
  void offerSystemd() throws IOException {
    tool(
        "loginctl",
        """
        shift
        case $1 in
          show-user) if [ -f '%1$s' ]; then echo Linger=yes; else echo Linger=no; fi ;;
          enable-linger) touch '%1$s' ;;
          disable-linger) rm '%1$s' ;;
        esac
        """
            .formatted(linger()));
    tool(
        "systemctl",
        """
        [ -f '%s' ] || exit 1
        shift 2
        wants=$HOME/.config/systemd/user/default.target.wants
        case $1 in
          enable) mkdir -p "$wants" && ln -s ../"$2" "$wants/$2" ;;
          disable) rm "$wants/$2" ;;
        esac
        """
            .formatted(linger()));
  }

  Path crontab() {
    return directory.resolve("the crontab");
  }

  Path linger() {
    return directory.resolve("lingers");
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}

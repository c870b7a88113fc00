// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.InvalidInputException;
import org.smon.api.MachineList;
import org.smon.membership.ListEdits;
import org.smon.membership.ListEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon machines set}. */
@Command(
    name = "set",
    description = {
      "Makes the list what a file says: [user@]name[:sshPort] a line, # comments.",
      "Machines that stay keep what the file leaves out; those that are missing are removed."
    })
final class MachinesSetCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "the file to read")
  private Path file;

  @Mixin private MachineOptions options;
  @Mixin private AcknowledgeOptions acknowledge;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (options.hostKey != null) {
      throw new ParameterException(spec.commandLine(), "--host-key goes with one machine");
    }
    Smon smon = Smon.of(spec);
    ClientHome home = smon.home();
    List<ListEntry> named = parse(lines());
    ListChange change = new ListChange(home, smon.console(), acknowledge);
    MachineList list = change.newest();
    MachineList next = ListEdits.set(list, named);
    EmptyList.refuse(list, next, options.yes);
    change.commit(Pins.of(smon, options).pin(next, named));
    return ExitStatus.DONE;
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new FailedException(file + " is not a text file", e);
    } catch (FileSystemException e) {
      throw e; // it names the file
    } catch (IOException e) {
      throw new FailedException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private List<ListEntry> parse(List<String> lines) {
    try {
      return ListEntry.parseLines(lines).stream().map(options::complete).toList();
    } catch (InvalidInputException e) {
      throw new FailedException(file + " " + e.getMessage(), e);
    }
  }
}

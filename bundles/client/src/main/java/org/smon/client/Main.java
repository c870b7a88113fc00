// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.logging.LogManager;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The {@code smon} program. Whatever goes wrong is one line on stderr and an exit status. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // CXF tells java.util.logging about every refused call; the user is told in our own words.
    LogManager.getLogManager().reset();
    int status = run(Surroundings.ofProcess(), args);
    System.out.flush();
    System.exit(status);
  }

  /** Runs one command line; the exit status. */
  public static int run(Surroundings surroundings, String... args) {
    Smon smon = new Smon(surroundings);
    return new CommandLine(smon)
        .setOut(new PrintWriter(surroundings.out(), true))
        .setErr(new PrintWriter(surroundings.err(), true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, line) -> wrongUsage(surroundings, e))
        .setExecutionExceptionHandler((e, line, result) -> failed(smon, e))
        .execute(args);
  }

  private static int wrongUsage(Surroundings surroundings, ParameterException e) {
    String verb = e.getCommandLine().getCommandSpec().qualifiedName();
    surroundings.err().println("smon: " + oneLine(e.getMessage()) + "; see `" + verb + " --help`");
    return ExitStatus.WRONG_USAGE;
  }

  private static int failed(Smon smon, Exception e) {
    if (smon.surroundings().env("SMON_DEBUG") != null) {
      e.printStackTrace(smon.surroundings().err());
    }
    String line = told(e);
    smon.surroundings().err().println("smon: " + line);
    smon.console().result(Map.of("error", line));
    return e instanceof FailedException failed ? failed.exitStatus() : ExitStatus.FAILED;
  }

  /** What the user is told about a failure: one line. */
  static String told(Throwable e) {
    if (e instanceof UncheckedIOException wrapped) {
      return told(wrapped.getCause());
    }
    if (e instanceof FailedException
        || e instanceof InvalidInputException
        || e instanceof RefusedException) {
      return oneLine(e.getMessage());
    }
    if (e instanceof FileSystemException file) {
      return toldOfFile(file);
    }
    if (e instanceof IOException) {
      return oneLine(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
    return "internal error: " + oneLine(e.toString()) + " (SMON_DEBUG=1 shows where)";
  }

  private static String toldOfFile(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no file " + e.getFile();
    }
    if (e instanceof AccessDeniedException) {
      return "no permission for " + e.getFile();
    }
    return e.getFile() + ": " + (e.getReason() == null ? "cannot be used" : e.getReason());
  }

  private static String oneLine(String message) {
    return String.valueOf(message).replaceAll("\\s*\\R\\s*", "; ").strip();
  }
}

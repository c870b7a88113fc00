// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.smon.api.InvalidInputException;
import org.smon.api.Release.Waves;
import org.smon.core.Policy;
import org.smon.simulation.Options;
import org.smon.simulation.Ordeal;
import org.smon.simulation.OrdealSummary;
import org.smon.simulation.Result;
import org.smon.simulation.RolloutOptions;
import org.smon.simulation.RolloutResult;
import org.smon.simulation.RolloutRun;
import org.smon.simulation.Simulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smon simulate}: the real core in virtual time. */
@Command(
    name = "simulate",
    description = {
      "Runs the real protocol core in virtual time and prints the paper's figures.",
      "With --broken, rolls out a release that breaks on that share of the machines (0: on none).",
      "With --faults, lets everything happen to a deployed overlay, and checks what must always hold.",
      "The same options give the same output, byte for byte."
    })
final class SimulateCommand implements Callable<Integer> {
  @Option(
      names = "--machines",
      paramLabel = "N",
      defaultValue = "117",
      description = "how many machines (default: ${DEFAULT-VALUE})")
  private int machines;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "what all chance comes from (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--policy",
      defaultValue = "smon",
      description =
          "${COMPLETION-CANDIDATES}: Fig. 2 literally, or ours (default: ${DEFAULT-VALUE})")
  private Policy policy;

  @Option(
      names = "--loss",
      paramLabel = "P",
      defaultValue = "0",
      description = "fraction of the messages that are lost")
  private double loss;

  @Option(
      names = "--crash",
      paramLabel = "P",
      defaultValue = "0",
      description = "fraction of the machines that crash and boot again in the first minute")
  private double crash;

  @Option(
      names = "--slow",
      paramLabel = "P",
      defaultValue = "0",
      description = "fraction of the machines that are five times as slow")
  private double slow;

  @Option(
      names = "--latency",
      paramLabel = "MILLIS",
      description = "median one-way delay of a message (default: 20)")
  private Integer latencyMillis;

  @Option(
      names = "--faults",
      description =
          "crashes, wipes, freezes, cuts, full disks, edits, a shutdown and a start after it;"
              + " only --machines, --seed, --seeds and --fault-seconds count then")
  private boolean faults;

  @Option(
      names = "--seeds",
      paramLabel = "K",
      defaultValue = "1",
      description = "with --faults: so many seeds, from --seed on (default: ${DEFAULT-VALUE})")
  private int seeds;

  @Option(
      names = "--fault-seconds",
      paramLabel = "S",
      defaultValue = "" + Ordeal.DEFAULT_FAULT_SECONDS,
      description = "with --faults: for how long (default: ${DEFAULT-VALUE})")
  private int faultSeconds;

  @Option(
      names = "--broken",
      paramLabel = "P",
      description =
          "roll out a release that breaks on this fraction of the machines; --policy, --slow and"
              + " --latency do not count then")
  private Double broken;

  @Option(
      names = "--waves",
      defaultValue = "growing",
      description = "with --broken: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Waves waves;

  @Option(
      names = "--stuck",
      paramLabel = "P",
      defaultValue = "0",
      description = "with --broken: fraction of the machines on which it never comes to an end")
  private double stuck;

  @Option(
      names = "--down",
      paramLabel = "P",
      defaultValue = "0",
      description = "with --broken: fraction of the machines that are off")
  private double down;

  @Option(
      names = "--cut",
      paramLabel = "S",
      defaultValue = "0",
      description = "with --broken: seconds for which a part is cut off, from the start on")
  private int cutSeconds;

  @Option(
      names = "--trial",
      paramLabel = "MILLIS",
      defaultValue = "" + RolloutOptions.DEFAULT_TRIAL_MILLIS,
      description = "with --broken: fetch, swap and probation (default: ${DEFAULT-VALUE})")
  private int trialMillis;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Console console = Smon.of(spec).console();
    if (broken != null) {
      return rollout(console);
    }
    return faults ? ordeal(console) : paperFigures(console);
  }

  private int rollout(Console console) {
    RolloutOptions options =
        RolloutOptions.of(machines, seed, broken)
            .withWaves(waves)
            .withFaults(stuck, down, crash, loss, cutSeconds)
            .withTrial(trialMillis);
    RolloutResult result;
    try {
      result = RolloutRun.run(options);
    } catch (IllegalStateException e) { // the message holds the seed and how to run it again
      throw new FailedException("the simulation failed: " + e.getMessage(), e);
    }
    console.result(result);
    if (!console.json()) {
      print(result, console.out());
    }
    return ExitStatus.DONE;
  }

  private static void print(RolloutResult r, PrintStream out) {
    out.println(
        "%d machines, seed %d, a release that breaks on %s %% of them: %s"
            .formatted(
                r.machines(),
                r.seed(),
                r.broken() * 100,
                r.quarantined() ? "stopped, and all went back" : "rolled out"));
    Table table =
        new Table("FIGURE", "VALUE")
            .row("adopted it for good", r.adopted())
            .row("refused it", r.refused())
            .row("ever tried it", r.tried());
    if (r.quarantined()) {
      table
          .row("had adopted it when it was stopped", r.adoptedBeforeQuarantine())
          .row("stopped after", seconds(r.quarantineMillis()));
    }
    table
        .row("last machine done or back after", seconds(r.doneMillis()))
        .row("known to all after", seconds(r.knownMillis()))
        .row("taken for absent, but there", r.falselyAbsent())
        .row("exchanges a machine", r.exchangesAMachine())
        .print(out);
    Table gates = new Table("WAVE OF", "PROVED AFTER");
    for (int i = 0; i < r.waves().size(); i++) {
      boolean open = i < r.gateMillis().size();
      gates.row(r.waves().get(i), open ? seconds(r.gateMillis().get(i)) : "-");
    }
    gates.print(out);
  }

  private int ordeal(Console console) {
    if (machines < 5 || machines > Options.MOST_MACHINES || seeds < 1 || faultSeconds < 10) {
      throw new InvalidInputException(
          "--faults needs 5 to %d machines, 1 seed or more and 10 s or more"
              .formatted(Options.MOST_MACHINES));
    }
    OrdealSummary summary;
    try {
      summary = OrdealSummary.run(machines, seed, seeds, faultSeconds);
    } catch (IllegalStateException e) { // the message holds the seed and how to run it again
      throw new FailedException("the simulation failed: " + e.getMessage(), e);
    }
    console.result(summary);
    if (!console.json()) {
      print(summary, console.out());
    }
    return ExitStatus.DONE;
  }

  private static void print(OrdealSummary s, PrintStream out) {
    out.println(
        "%d machines, seeds %d to %d: nothing that must always hold was broken"
            .formatted(s.machines(), s.firstSeed(), s.firstSeed() + s.seeds() - 1));
    new Table("FIGURE", "MEAN", "MOST")
        .row(
            "rounds until whole after the faults", s.healedRounds().mean(), s.healedRounds().most())
        .row("rounds until shut down", s.shutDownRounds().mean(), s.shutDownRounds().most())
        .row("rounds until back", s.backRounds().mean(), s.backRounds().most())
        .row("logins", s.logins().mean(), s.logins().most())
        .row("needless or failed ones", s.needlessLogins().mean(), s.needlessLogins().most())
        .row(
            "of them at one machine in an hour",
            s.needlessLoginsMost().mean(),
            s.needlessLoginsMost().most())
        .print(out);
  }

  private int paperFigures(Console console) {
    Options options = Options.of(machines, seed, policy).withFaults(loss, crash, slow);
    Result result = run(latencyMillis == null ? options : options.withLatency(latencyMillis));
    console.result(result);
    if (!console.json()) {
      print(result, console.out());
    }
    return ExitStatus.DONE;
  }

  private static Result run(Options options) {
    try {
      return Simulation.run(options).result();
    } catch (IllegalStateException e) { // the message holds the seed and how to run it again
      throw new FailedException("the simulation failed: " + e.getMessage(), e);
    }
  }

  private static void print(Result r, PrintStream out) {
    out.println(
        "%d machines, seed %d, policy %s, ping every %s, timeout %s, a deployment %s (median)"
            .formatted(
                r.machines(),
                r.seed(),
                r.policy(),
                seconds(r.timings().waitMillis()),
                seconds(r.timings().pingTimeoutMillis()),
                seconds(r.timings().deployMedianMillis())));
    new Table("FIGURE", "VALUE")
        .row("deployed: median", seconds(r.deploy().medianMillis()))
        .row("deployed: 90 %", seconds(r.deploy().p90Millis()))
        .row("deployed: last", seconds(r.deploy().lastMillis()))
        .row("copies a machine: mean", r.deploy().copiesMean())
        .row("copies a machine: most", r.deploy().copiesMax())
        .row("copies:machines", histogram(r))
        .row("attempts a machine: mean", r.attemptsMean())
        .row("disabled: last", seconds(r.disable().lastMillis()))
        .row("pings received a peer and round", r.pingsPerPeerRound())
        .row("bytes of HTTP sent a peer and second at rest", r.idleBytesPerPeerSecond())
        .row("agent: signatures", r.agent().signatures())
        .row("agent: most in a second", r.agent().peakPerSecond())
        .print(out);
    Table rounds = new Table("ROUND", "MACHINES WITH A PEER");
    r.infected().forEach(i -> rounds.row(i.round(), i.machines()));
    rounds.print(out);
  }

  private static String histogram(Result r) {
    return r.deploy().histogram().entrySet().stream()
        .map(e -> e.getKey() + ":" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}

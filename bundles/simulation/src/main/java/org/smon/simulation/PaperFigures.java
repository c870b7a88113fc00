// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the paper measured on PlanetLab (section V), to be shown beside a run. */
public final class PaperFigures {
  private static final Figures AT_117 = new Figures(63, 91, 111, "34", "1.88", "23");
  private static final Figures AT_24 = new Figures(48, 58, 61, "-", "-", "-");

  private PaperFigures() {}

  private record Figures(
      int median, int p90, int last, String disable, String copiesMean, String copiesMax) {}

  /**
   * A line of the comparison.
   *
   * @param paper "-" where the paper gives none
   */
  public record Row(String figure, String paper, String here) {}

  /** The run's figures, with the paper's for the same number of machines where it has them. */
  public static List<Row> beside(Result result) {
    Optional<Figures> paper = of(result.machines());
    Result.Deploy deploy = result.deploy();
    return List.of(
        row("median deployed, s (Table III)", paper.map(p -> "" + p.median), deploy.medianMillis()),
        row("90 % deployed, s (Table III)", paper.map(p -> "" + p.p90), deploy.p90Millis()),
        row("last deployed, s (Fig. 6)", paper.map(p -> "" + p.last), deploy.lastMillis()),
        row("all disabled, s (Fig. 6)", paper.map(p -> p.disable), result.disable().lastMillis()),
        row("copies a machine, mean (Table II)", paper.map(p -> p.copiesMean), deploy.copiesMean()),
        new Row(
            "copies a machine, most (Table II)",
            paper.map(p -> p.copiesMax).orElse("-"),
            "" + deploy.copiesMax()),
        row("pings a peer and round (R58)", Optional.of("1"), result.pingsPerPeerRound()),
        row("claims tried a machine, mean", Optional.empty(), result.attemptsMean()));
  }

  private static Optional<Figures> of(int machines) {
    return switch (machines) {
      case 117 -> Optional.of(AT_117);
      case 24 -> Optional.of(AT_24);
      default -> Optional.empty();
    };
  }

  private static Row row(String figure, Optional<String> paper, long millis) {
    return new Row(figure, paper.orElse("-"), String.format(Locale.ROOT, "%.1f", millis / 1000.0));
  }

  private static Row row(String figure, Optional<String> paper, double value) {
    return new Row(figure, paper.orElse("-"), String.format(Locale.ROOT, "%.2f", value));
  }
}

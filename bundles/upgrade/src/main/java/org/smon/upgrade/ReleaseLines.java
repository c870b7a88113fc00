// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.Documents;
import org.smon.api.Release;
import org.smon.api.Releases;
import org.smon.core.Rollout.Verdict;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.Machines;
import org.smon.wire.ReleasesAnswer.ReleaseLine;
import org.smon.wire.ReleasesAnswer.State;

/** What this machine tells of releases: the newest, and those it has beside it. */
final class ReleaseLines {
  private final Documents documents;
  private final Releases releases;
  private final Refusals refusals;

  ReleaseLines(Documents documents, Releases releases, Refusals refusals) {
    this.documents = documents;
    this.releases = releases;
    this.refusals = refusals;
  }

  /**
   * @param course of the newest release, or null if none is followed yet
   * @param onTrial whether this machine has one on trial
   */
  ReleasesAnswer of(Course course, boolean onTrial) {
    List<ReleaseLine> lines = new ArrayList<>();
    if (course != null) {
      lines.add(newest(course, onTrial));
    }
    Optional<Document> adopted = releases.adopted();
    boolean spreads = course == null || lines.get(0).state() == State.adopted;
    adopted.ifPresent(d -> add(lines, d, spreads ? State.superseded : State.adopted));
    releases.previous().ifPresent(d -> add(lines, d, State.superseded));
    return new ReleasesAnswer(lines);
  }

  private ReleaseLine newest(Course course, boolean onTrial) {
    State state =
        course.verdict() == Verdict.QUARANTINED
            ? State.quarantined
            : course.complete() ? State.adopted : State.spreading;
    return new ReleaseLine(
        course.release().version(),
        course.document().counter(),
        course.hash(),
        state,
        course.wave(),
        course.waves(),
        new Machines(course.proved(), course.refused(), onTrial ? 1 : 0),
        refusals.of(course.hash()).orElse(null));
  }

  private void add(List<ReleaseLine> lines, Document document, State state) {
    if (lines.stream().anyMatch(line -> line.hash().equals(document.hash()))) {
      return;
    }
    Optional<String> refusal = refusals.of(document.hash());
    lines.add(
        new ReleaseLine(
            Release.ofBody(document.body()).version(),
            document.counter(),
            document.hash(),
            refusal.isPresent() ? State.quarantined : state,
            0,
            0,
            new Machines(state == State.adopted ? documents.list().size() : 0, 0, 0),
            refusal.orElse(null)));
  }
}

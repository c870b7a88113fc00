// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

/** How many messages of each kind were sent; each is a request, with its answer if there is one. */
final class Traffic {
  private long pings;
  private long probes;
  private long notices;
  private long works;
  private long tellings;
  private long documents;
  private long documentBytes;

  void ping() {
    pings++;
  }

  void probe() {
    probes++;
  }

  void notice() {
    notices++;
  }

  void work() {
    works++;
  }

  /** A document is offered to one who may have it. */
  void telling() {
    tellings++;
  }

  /** A document's text goes over. */
  void document(Edition edition) {
    documents++;
    documentBytes += edition == null ? 0 : edition.bytes();
  }

  long pings() {
    return pings;
  }

  long tellings() {
    return tellings;
  }

  long documents() {
    return documents;
  }

  @Override
  public String toString() {
    return "%d pings, %d probes, %d notices, %d requests for work, %d tellings, %d documents of %d bytes"
        .formatted(pings, probes, notices, works, tellings, documents, documentBytes);
  }
}

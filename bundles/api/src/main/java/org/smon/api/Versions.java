// SPDX-License-Identifier: Apache-2.0
package org.smon.api;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What every ping and pong carries (R1): the versions of the documents a peer holds. Immutable. */
public final class Versions {
  public static final Versions NONE = new Versions(Map.of());

  private final Map<DocumentType, Version> byType;

  public Versions(Map<DocumentType, Version> byType) {
    EnumMap<DocumentType, Version> copy = new EnumMap<>(DocumentType.class);
    copy.putAll(byType);
    this.byType = Collections.unmodifiableMap(copy);
  }

  public Map<DocumentType, Version> byType() {
    return byType;
  }

  public Optional<Version> of(DocumentType type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** The counter held of a type, 0 for none. */
  public long counter(DocumentType type) {
    return of(type).map(Version::counter).orElse(0L);
  }

  public Versions with(DocumentType type, Version version) {
    EnumMap<DocumentType, Version> copy = new EnumMap<>(DocumentType.class);
    copy.putAll(byType);
    copy.put(type, version);
    return new Versions(copy);
  }

  public Versions without(DocumentType type) {
    EnumMap<DocumentType, Version> copy = new EnumMap<>(DocumentType.class);
    copy.putAll(byType);
    copy.remove(type);
    return new Versions(copy);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Versions that && byType.equals(that.byType);
  }

  @Override
  public int hashCode() {
    return byType.hashCode();
  }

  @Override
  public String toString() {
    return byType.toString();
  }
}

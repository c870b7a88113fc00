// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.smon.kernel.Complaint;

/** Whether all bundles of SMON and all their components are up: what Karaf does not tell (R23). */
final class Components {
  private static final int LOOK_MILLIS = 100;

  private final BundleContext context;
  private final ServiceComponentRuntime runtime;

  Components(BundleContext context, ServiceComponentRuntime runtime) {
    this.context = context;
    this.runtime = runtime;
  }

  /** Names of components that wait for something already: that is no fault of a new set. */
  Set<String> waiting() {
    Set<String> waiting = new HashSet<>();
    for (ComponentDescriptionDTO component : descriptions()) {
      if (complaint(component) != null) {
        waiting.add(component.name);
      }
    }
    return waiting;
  }

  /**
   * @param before what {@link #waiting} said before the swap
   */
  List<Complaint> complaints(Set<String> before) {
    List<Complaint> complaints = new ArrayList<>();
    for (Bundle bundle : ours()) {
      if (bundle.getState() != Bundle.ACTIVE) {
        complaints.add(Complaint.soFar("bundle " + bundle.getSymbolicName() + " is not active"));
      }
    }
    for (ComponentDescriptionDTO component : descriptions()) {
      Complaint complaint = before.contains(component.name) ? null : complaint(component);
      if (complaint != null) {
        complaints.add(complaint);
      }
    }
    return complaints;
  }

  /** Blocks until there are no complaints; interrupted, it gives up likewise. */
  void await(Set<String> before, int millis) throws HungException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<Complaint> left = complaints(before);
    while (!left.isEmpty()) {
      if (System.nanoTime() - deadline > 0 || !pause()) {
        throw new HungException(left.get(0).text());
      }
      left = complaints(before);
    }
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Bundle> ours() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith("org.smon."))
        .toList();
  }

  private Iterable<ComponentDescriptionDTO> descriptions() {
    return runtime.getComponentDescriptionDTOs(ours().toArray(Bundle[]::new));
  }

  private Complaint complaint(ComponentDescriptionDTO component) {
    if (!runtime.isComponentEnabled(component)) {
      return null;
    }
    for (ComponentConfigurationDTO configuration :
        runtime.getComponentConfigurationDTOs(component)) {
      switch (configuration.state) {
        case ComponentConfigurationDTO.FAILED_ACTIVATION:
          String why = String.valueOf(configuration.failure).lines().findFirst().orElse("");
          return new Complaint("component " + component.name + " failed: " + why, true);
        case ComponentConfigurationDTO.UNSATISFIED_REFERENCE:
        case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION:
          return Complaint.soFar("component " + component.name + " waits" + forWhat(configuration));
        case ComponentConfigurationDTO.SATISFIED:
          if (component.immediate) {
            return Complaint.soFar("component " + component.name + " is not active");
          }
          break;
        default:
          break;
      }
    }
    return null;
  }

  private static String forWhat(ComponentConfigurationDTO configuration) {
    return configuration.unsatisfiedReferences.length == 0
        ? ""
        : " for " + configuration.unsatisfiedReferences[0].name;
  }
}

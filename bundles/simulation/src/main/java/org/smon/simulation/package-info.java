// SPDX-License-Identifier: Apache-2.0
/** A virtual world for the real core: time, network, machines and faults by seed. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.smon.simulation;

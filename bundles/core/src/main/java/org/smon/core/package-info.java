// SPDX-License-Identifier: Apache-2.0
/**
 * The protocol as a state machine without clock, thread or network: time is an argument, randomness
 * is injected, effects go to a sink.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.smon.core;

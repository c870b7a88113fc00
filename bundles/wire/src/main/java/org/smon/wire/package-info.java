// SPDX-License-Identifier: Apache-2.0
/**
 * What peers, agents and clients say to each other: the JAX-RS contract, its messages and their
 * JSON.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.smon.wire;

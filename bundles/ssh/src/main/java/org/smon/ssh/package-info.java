// SPDX-License-Identifier: Apache-2.0
/** A library: Ed25519 for Mina SSHD by the JDK alone. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.smon.ssh;

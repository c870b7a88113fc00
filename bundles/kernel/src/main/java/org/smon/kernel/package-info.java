// SPDX-License-Identifier: Apache-2.0
/** What the upgrade bundle and the kernel that swaps it say to each other. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.smon.kernel;

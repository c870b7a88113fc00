// SPDX-License-Identifier: Apache-2.0
/** Values and service contracts that the bundles share; depends on nothing but the JDK. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.smon.api;

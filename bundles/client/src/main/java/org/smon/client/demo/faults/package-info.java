// SPDX-License-Identifier: Apache-2.0
/**
 * What breaks a release on purpose: components that {@code smon demo upgrade --broken} copies into
 * its bundles. They use nothing but the JDK, and Mute what gossip's bundle imports anyway.
 */
package org.smon.client.demo.faults;

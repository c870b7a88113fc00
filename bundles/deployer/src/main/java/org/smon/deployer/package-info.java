// SPDX-License-Identifier: Apache-2.0
/** Puts or revives a peer on a machine over ssh. */
package org.smon.deployer;

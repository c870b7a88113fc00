// SPDX-License-Identifier: Apache-2.0
package org.smon.ssh;

import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/**
 * Teaches Mina SSHD Ed25519 by the JDK's own provider. Mina 2.20 knows it only by BouncyCastle (11
 * MB) or net.i2p; the JDK has had it since 15.
 */
public final class JdkEd25519 extends AbstractSecurityProviderRegistrar {
  private static final String PROVIDER = "SunEC";
  private static final Set<Class<?>> ENTITIES =
      Set.of(KeyFactory.class, KeyPairGenerator.class, Signature.class);

  private JdkEd25519() {
    super(PROVIDER);
  }

  /**
   * Call before anything else of Mina, which decides once which keys it knows. Any thread; more
   * than once is harmless.
   */
  public static synchronized void register() {
    if (!SecurityUtils.isProviderRegistered(PROVIDER)) {
      SecurityUtils.registerSecurityProvider(new JdkEd25519());
    }
  }

  @Override
  public boolean isSupported() {
    return getSecurityProvider() != null;
  }

  @Override
  public Provider getSecurityProvider() {
    return Security.getProvider(PROVIDER);
  }

  @Override
  public boolean isSecurityEntitySupported(Class<?> entityType, String name) {
    return ENTITIES.contains(entityType) && SecurityUtils.EDDSA.equalsIgnoreCase(name);
  }

  @Override
  public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
    return Optional.of(new JdkEdDSASupport());
  }
}

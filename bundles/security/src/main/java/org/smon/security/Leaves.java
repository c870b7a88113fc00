// SPDX-License-Identifier: Apache-2.0
package org.smon.security;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A key manager with one Ed25519 key for both sides of TLS, and a certificate of it by each trusted
 * CA. A client shows the one that the server asks for: so it reaches a peer that has not heard of
 * the newer key yet, and can bring it. A key store would encrypt the key first and cost a start
 * some 50 ms.
 */
final class Leaves extends X509ExtendedKeyManager {
  private static final String TYPE = "EdDSA";

  private final PrivateKey key;
  private final List<X509Certificate> certificates;

  /**
   * @param certificates the one in use first
   */
  Leaves(PrivateKey key, List<X509Certificate> certificates) {
    this.key = key;
    this.certificates = List.copyOf(certificates);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return of(alias) == null ? null : key;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    X509Certificate certificate = of(alias);
    return certificate == null ? null : new X509Certificate[] {certificate};
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return forTypes(issuers, types);
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return forTypes(issuers, types);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return forTypes(null, type);
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return forTypes(null, type);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return aliases();
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return aliases();
  }

  private String[] aliases() {
    return certificates.stream().map(Leaves::alias).toArray(String[]::new);
  }

  private String forTypes(Principal[] issuers, String... types) {
    return List.of(types).contains(TYPE) ? alias(askedFor(issuers)) : null;
  }

  private X509Certificate askedFor(Principal[] issuers) {
    if (issuers != null) {
      List<Principal> asked = List.of(issuers);
      for (X509Certificate certificate : certificates) {
        if (asked.contains(certificate.getIssuerX500Principal())) {
          return certificate;
        }
      }
    }
    return certificates.get(0);
  }

  private X509Certificate of(String alias) {
    return certificates.stream().filter(c -> alias(c).equals(alias)).findFirst().orElse(null);
  }

  private static String alias(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().getName();
  }
}

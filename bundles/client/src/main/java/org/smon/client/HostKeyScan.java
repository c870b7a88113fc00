// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.Signature;
import org.smon.api.Machine;
import org.smon.ssh.JdkEd25519;

/**
 * Fetches host keys as ssh-keyscan does: a key exchange and no login. What it finds is only what
 * somebody claims on the wire, so a person has to look at it.
 */
final class HostKeyScan {
  private static final int PATIENCE_SECONDS = 5;

  private HostKeyScan() {}

  /**
   * @param found fingerprints by machine
   * @param failed one line by machine
   */
  record Result(Map<String, String> found, Map<String, String> failed) {}

  /** Blocks until all have answered or failed, one after another. */
  static Result scan(List<Machine> machines) {
    Map<String, String> found = new TreeMap<>();
    Map<String, String> failed = new TreeMap<>();
    JdkEd25519.register();
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setSignatureFactories(preferred(client.getSignatureFactories()));
      client.start();
      for (Machine machine : machines) {
        try {
          found.put(machine.name(), fingerprint(client, machine));
        } catch (IOException e) {
          failed.put(machine.name(), SshFailure.told(e));
        }
      }
    } catch (IOException e) {
      throw new FailedException("the scan could not be closed: " + Main.told(e), e);
    }
    return new Result(found, failed);
  }

  /** The kinds of host key in the order in which deployers ask for them. */
  private static List<NamedFactory<Signature>> preferred(List<NamedFactory<Signature>> all) {
    List<String> kinds = List.of("ssh-ed25519", "ecdsa-", "rsa-sha2-");
    return all.stream()
        .filter(f -> kinds.stream().anyMatch(f.getName()::startsWith))
        .filter(f -> !f.getName().contains("-cert-"))
        .sorted(Comparator.comparingInt(f -> kind(kinds, f.getName())))
        .toList();
  }

  private static int kind(List<String> kinds, String name) {
    return (int) kinds.stream().takeWhile(kind -> !name.startsWith(kind)).count();
  }

  private static String fingerprint(SshClient client, Machine machine) throws IOException {
    CompletableFuture<String> seen = new CompletableFuture<>();
    client.setServerKeyVerifier(
        (session, address, key) -> {
          seen.complete(KeyUtils.getFingerPrint(key));
          return false; // nothing but its key was wanted
        });
    ClientSession session =
        client
            .connect("nobody", machine.name(), machine.sshPort())
            .verify(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .getSession();
    try {
      return seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no host key within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("the scan was interrupted", e);
    } finally {
      session.close(true);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.core.Policy;
import org.smon.membership.HeldDocuments;
import org.smon.security.KeChannel;
import org.smon.security.OperatorTrust;
import org.smon.security.KeyFolder;
import org.smon.security.SigningKey;
import org.smon.simulation.Options;
import org.smon.simulation.Simulation;
import org.smon.ssh.HostKeys;
import org.smon.ssh.JdkEd25519;
import org.smon.store.FileState;
import org.smon.transport.CxfConnections;
import org.smon.wire.AgentApi;

/**
 * R62, Fig. 7: the signing requests of a simulated deployment of 117 machines, sent at real speed to
 * a real `smon agent` with a P-256 key. Prints its CPU share and how long requests waited.
 * Arguments: home (empty directory), key file, and the command that starts `smon`.
 */
public final class AgentLoad {
  private static final int MACHINES = 117;

  /** The paper's policy logs in to some machines more than once; here each login is a first contact. */
  private static final int LOGINS = 1_000;

  public static void main(String[] arguments) throws Exception {
    JdkEd25519.register();
    Path home = Path.of(arguments[0]);
    KeyPair hostKey = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    HeldDocuments documents = documents(home, hostKey);
    List<String> command = new ArrayList<>(List.of(arguments).subList(2, arguments.length));
    command.addAll(List.of("agent", "--home", home.toString(), "--key", arguments[1], "--listen", "127.0.0.1:" + freePort()));
    Process agent = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      replay(home, documents, hostKey, Path.of(arguments[1] + ".pub"), agent);
    } finally {
      agent.destroy();
      agent.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static void replay(Path home, HeldDocuments documents, KeyPair hostKey, Path publicKey, Process agent) throws Exception {
    AgentApi api = connect(home, agent);
    String loginKey = Files.readString(publicKey).strip();
    List<Long> schedule = Simulation.run(Options.of(MACHINES, 1, Policy.PAPER)).signMillis();
    List<SignRequest> requests = new ArrayList<>();
    for (int i = 0; i < schedule.size(); i++) {
      requests.add(request(hostKey, loginKey, i));
    }
    api.identity(); // what a peer that has run for a while has behind it: classes loaded, one connection made
    ExecutorService peers = Executors.newFixedThreadPool(32);
    List<Future<Long>> waits = new ArrayList<>();
    long cpuBefore = cpuMillis(agent.pid());
    long began = System.nanoTime();
    for (int i = 0; i < schedule.size(); i++) {
      long due = began + TimeUnit.MILLISECONDS.toNanos(schedule.get(i));
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      SignRequest request = requests.get(i);
      waits.add(peers.submit(() -> ask(api, documents, request)));
    }
    List<Long> millis = new ArrayList<>();
    for (Future<Long> wait : waits) {
      millis.add(wait.get());
    }
    System.out.printf("first requests        %s ms%n", millis.subList(0, 5));
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpu = (cpuMillis(agent.pid()) - cpuBefore) / 1000.0;
    peers.shutdown();
    Collections.sort(millis);
    System.out.printf("signatures            %d in %.0f s (paper policy, %d machines, seed 1)%n", millis.size(), seconds, MACHINES);
    System.out.printf("agent CPU             %.2f s, %.2f %% of one core%n", cpu, 100 * cpu / seconds);
    System.out.printf("permit + signature    median %d ms, 99 %% %d ms, longest %d ms%n", millis.get(millis.size() / 2), millis.get(millis.size() * 99 / 100), millis.get(millis.size() - 1));
  }

  /** What a deployer does: permit first, then the signature. Returns milliseconds for both. */
  private static long ask(AgentApi api, HeldDocuments documents, SignRequest request) throws Exception {
    long began = System.nanoTime();
    api.permit(new LoginRequest(request.requester(), request.machine(), documents.versions()));
    api.sign(request);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static AgentApi connect(Path home, Process agent) throws IOException {
    BufferedReader said = new BufferedReader(new InputStreamReader(agent.getInputStream()));
    String line = said.readLine();
    java.util.regex.Matcher port = java.util.regex.Pattern.compile("127\\.0\\.0\\.1:(\\d+)").matcher(String.valueOf(line));
    if (!port.find()) {
      throw new IOException("the agent said: " + line);
    }
    KeChannel channel = new KeChannel(
        new KeyFolder(home.resolve("keys")).keys().values().iterator().next());
    return new CxfConnections(channel).agent("127.0.0.1", Integer.parseInt(port.group(1)), null, 5_000);
  }

  /** A list of 117 machines that share one host key, signed by the overlay's operator. */
  private static HeldDocuments documents(Path home, KeyPair hostKey) throws IOException {
    HeldDocuments documents = new HeldDocuments(new FileState(home.resolve("documents")), new OperatorTrust());
    SigningKey operator = SigningKey.load(home.resolve("operator.key"));
    List<Machine> machines = new ArrayList<>();
    for (int i = 0; i < LOGINS; i++) {
      machines.add(Machine.parse("m" + i).withHostKey(HostKeys.fingerprint(hostKey.getPublic())));
    }
    Document list =
        Document.first(DocumentType.LIST, documents.overlayId(), new MachineList(machines, List.of()).body(), Instant.now())
            .signedBy(operator.privateKey(), operator.publicKey());
    documents.offer(list);
    return documents;
  }

  private static SignRequest request(KeyPair hostKey, String loginKey, int machine) throws Exception {
    byte[] exchangeHash = new byte[32];
    new SecureRandom().nextBytes(exchangeHash);
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(hostKey.getPrivate());
    signer.update(exchangeHash);
    ByteArrayBuffer hostSignature = new ByteArrayBuffer();
    hostSignature.putString("ssh-ed25519");
    hostSignature.putBytes(signer.sign());
    ByteArrayBuffer hostBlob = new ByteArrayBuffer();
    hostBlob.putRawPublicKey(hostKey.getPublic());
    byte[] host = hostBlob.getCompactData();
    ByteArrayBuffer data = new ByteArrayBuffer();
    data.putBytes(exchangeHash);
    data.putByte((byte) 50);
    data.putString(System.getProperty("user.name"));
    data.putString("ssh-connection");
    data.putString("publickey-hostbound-v00@openssh.com");
    data.putByte((byte) 1);
    data.putString("ecdsa-sha2-nistp256");
    data.putBytes(Base64.getDecoder().decode(loginKey.split(" ")[1]));
    data.putBytes(host);
    return new SignRequest("m" + (machine + 1), "m" + machine, loginKey, "ecdsa-sha2-nistp256", data.getCompactData(), host, exchangeHash, hostSignature.getCompactData());
  }

  private static long cpuMillis(long pid) throws IOException {
    String[] stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat")).replaceFirst("^.*\\) ", "").split(" ");
    return new BigDecimal(Long.parseLong(stat[11]) + Long.parseLong(stat[12])).movePointRight(1).longValue();
  }
}

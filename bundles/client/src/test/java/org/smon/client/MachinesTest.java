// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachinesTest {
  private static final String KEY = "SHA256:" + "k".repeat(43);

  @TempDir private Path user;
  private Cli cli;

  @BeforeEach
  void init() {
    cli = new Cli(user);
    cli.run("init", "--name", "lab", "--user", "op").exits(0);
  }

  @Test
  void theJsonOfTheListIsWhatScriptsRelyOn() throws IOException {
    cli.run("machines", "add", "root@a.example:2222", "--host-key", KEY, "--tag", "rack1").exits(0);
    cli.run("machines", "add", "b.example").exits(0);
    cli.run("machines", "remove", "b.example").exits(0);
    assertEquals(golden("machines-list.json"), cli.run("machines", "list", "--json").out());
  }

  @Test
  void everyEditIsAnotherVersion() {
    cli.run("machines", "add", "a", "b").exits(0);
    cli.run("machines", "edit", "a", "--user", "x", "--port", "2200", "--tag", "t").exits(0);
    JsonObject list = list();
    assertEquals(2, list.get("version").getAsInt());
    JsonObject a = list.getAsJsonArray("machines").get(0).getAsJsonObject();
    assertEquals("x", a.get("user").getAsString());
    assertEquals(2200, a.get("port").getAsInt());
    assertEquals("t", a.getAsJsonArray("tags").get(0).getAsString());
  }

  @Test
  void aFileSetsTheListAndKeepsWhatItDoesNotSay() throws IOException {
    cli.run("machines", "add", "a", "--host-key", KEY).exits(0);
    cli.run("machines", "add", "b").exits(0);
    Path file = user.resolve("my machines.txt");
    Files.writeString(file, "# rack 1\na # first\nop@c:23\n\n");
    cli.run("machines", "set", file.toString()).exits(0);
    JsonArray machines = list().getAsJsonArray("machines");
    assertEquals(2, machines.size());
    assertEquals(KEY, machines.get(0).getAsJsonObject().get("hostKey").getAsString());
    assertEquals(23, machines.get(1).getAsJsonObject().get("port").getAsInt());
    assertEquals(1, list().getAsJsonArray("removed").size());
  }

  @Test
  void hostKeysComeFromKnownHosts() throws IOException {
    Files.createDirectories(user.resolve(".ssh"));
    Files.writeString(
        user.resolve(".ssh/known_hosts"),
        "[a.example]:2222 ssh-ed25519"
            + " AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n");
    cli.run("machines", "add", "a.example:2222").exits(0);
    String pinned =
        list().getAsJsonArray("machines").get(0).getAsJsonObject().get("hostKey").getAsString();
    assertEquals("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU", pinned);
  }

  @Test
  void aMachineWithoutAKnownKeyIsTakenWithARemark() {
    String told = cli.run("machines", "add", "a.example").exits(0).err();
    assertTrue(told.contains("no host key is known of a.example"), told);
  }

  @Test
  void fifteenThousandMachinesAreSetInOneGo() throws IOException {
    Path file = user.resolve("many.txt");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 15_000; i++) {
      text.append("node-%d.site-%d.example.org\n".formatted(i, i % 50));
    }
    Files.writeString(file, text);
    cli.run("machines", "set", file.toString()).exits(0);
    assertEquals(15_000, list().getAsJsonArray("machines").size());
    Files.writeString(file, text + "node-7.site-7.example.org\n");
    String told = cli.run("machines", "set", file.toString()).exits(1).err();
    assertTrue(told.contains("node-7.site-7.example.org"), told);
  }

  private JsonObject list() {
    return JsonParser.parseString(cli.run("machines", "list", "--json").out()).getAsJsonObject();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = MachinesTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

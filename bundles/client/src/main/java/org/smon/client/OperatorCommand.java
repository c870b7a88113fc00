// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Names;
import org.smon.api.Settings;
import org.smon.api.Voucher;
import org.smon.security.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smon operator}: whose signatures count (R40). */
@Command(
    name = "operator",
    description = "Says whose signatures count: who may change lists, settings, livetag, releases.",
    synopsisSubcommandLabel = "list|key|add|remove",
    subcommands = {
      OperatorCommand.ListKeys.class,
      OperatorCommand.Key.class,
      OperatorCommand.Add.class,
      OperatorCommand.Remove.class
    })
final class OperatorCommand implements Runnable {
  private static final int SHOWN = 12;

  @Spec private CommandSpec spec;

  /**
   * The JSON of these verbs.
   *
   * @param self whether this home signs by it
   */
  record Operator(String key, boolean self) {}

  /** See {@link Operator}. */
  record Operators(long version, List<Operator> operators) {
    static Operators of(ClientHome home) {
      String self = home.isOperator() ? home.operator().publicText() : "";
      return new Operators(
          home.documents().versions().counter(DocumentType.SETTINGS),
          home.documents().settings().operators().stream()
              .map(key -> new Operator(key, key.equals(self)))
              .toList());
    }

    void tell(Console console) {
      console.result(this);
      operators.forEach(o -> console.say(o.key() + (o.self() ? "  (this home)" : "")));
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name one of list, key, add, remove");
  }

  /** The end of a key, which tells two apart: all of them begin the same. */
  static String shown(String key) {
    return key == null || key.length() <= SHOWN ? key : ".." + key.substring(key.length() - SHOWN);
  }

  /** Signs settings with other operators and waits until they are acknowledged. */
  private static void commit(
      ClientHome home, Console console, Settings next, AcknowledgeOptions options) {
    home.sign(DocumentType.SETTINGS, next.body());
    new Publication(home, console).acknowledge(DocumentType.SETTINGS, options.timeoutSeconds);
    Operators.of(home).tell(console);
  }

  private static ClientHome newest(Smon smon) {
    ClientHome home = smon.home();
    Newest newest = new Newest(home, smon.console());
    for (DocumentType type : DocumentType.values()) {
      if (type != DocumentType.RELEASE) {
        newest.fetch(type);
      }
    }
    return home;
  }

  /** {@code smon operator list}. */
  @Command(name = "list", description = "Shows the public keys of all operators.")
  static final class ListKeys implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Operators.of(Smon.of(spec).home()).tell(Smon.of(spec).console());
      return ExitStatus.DONE;
    }
  }

  /** {@code smon operator key}. */
  @Command(
      name = "key",
      description = {
        "Shows this home's public key, and makes a key if it has none:",
        "in a copy of an operator's home without operator.key, for another operator to add it."
      })
  static final class Key implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      ClientHome home = Smon.of(spec).home();
      if (!home.isOperator()) {
        SigningKey.generate().save(ClientHome.operatorKeyFile(home.directory()));
      }
      String key = home.operator().publicText();
      Smon.of(spec).console().result(new Operator(key, true));
      Smon.of(spec).console().say(key);
      return ExitStatus.DONE;
    }
  }

  /** {@code smon operator add}. */
  @Command(name = "add", description = "Lets another operator's signatures count too.")
  static final class Add implements Callable<Integer> {
    @Parameters(
        paramLabel = "KEY",
        description = "what `smon operator key` shows there, or a file that holds it")
    private String key;

    @Mixin private AcknowledgeOptions acknowledge;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      String added = parsed(key);
      ClientHome home = newest(Smon.of(spec));
      Settings settings = home.documents().settings();
      if (settings.operators().contains(added)) {
        throw new FailedException("operator " + shown(added) + " counts already");
      }
      SigningKey self = home.operator();
      List<String> operators = new ArrayList<>(settings.operators());
      operators.add(added);
      List<Voucher> vouchers = new ArrayList<>(settings.vouchers());
      vouchers.add(
          Voucher.of(
              home.documents().overlayId(),
              home.documents().versions().counter(DocumentType.SETTINGS) + 1,
              added,
              self.privateKey(),
              self.publicKey()));
      Settings next = settings.withOperators(operators, vouchers, settings.endorsed());
      commit(home, Smon.of(spec).console(), next, acknowledge);
      return ExitStatus.DONE;
    }

    private static String parsed(String text) throws IOException {
      Path file = Path.of(text.indexOf('\0') < 0 ? text : "");
      String key = Files.isRegularFile(file) ? Files.readString(file).strip() : text.strip();
      try {
        byte[] encoded = Base64.getDecoder().decode(key);
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        return key;
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new FailedException(
            Names.quote(key) + " is no operator's public key; `smon operator key` shows one", e);
      }
    }
  }

  /** {@code smon operator remove}. */
  @Command(
      name = "remove",
      description = {
        "Takes an operator's signatures out of force from now on.",
        "What is in force by them alone stays so: the new settings endorse exactly that."
      })
  static final class Remove implements Callable<Integer> {
    @Parameters(paramLabel = "KEY", description = "the key, or how it ends")
    private String key;

    @Mixin private AcknowledgeOptions acknowledge;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      ClientHome home = newest(Smon.of(spec));
      Settings settings = home.documents().settings();
      String removed = found(settings.operators());
      if (removed.equals(home.operator().publicText())) {
        throw new FailedException(
            "this is the key of this very home; another operator has to remove it");
      }
      List<String> operators = new ArrayList<>(settings.operators());
      operators.remove(removed);
      Settings next =
          settings.withOperators(operators, settings.vouchers(), endorsed(home, operators));
      commit(home, Smon.of(spec).console(), next, acknowledge);
      return ExitStatus.DONE;
    }

    private String found(List<String> operators) {
      String end = key.startsWith("..") ? key.substring(2) : key;
      List<String> found = operators.stream().filter(o -> o.endsWith(end)).toList();
      if (found.size() != 1 || end.isEmpty()) {
        throw new FailedException(
            (found.isEmpty() ? "no operator" : "more than one operator")
                + " has a key that ends with "
                + Names.quote(end)
                + "; `smon operator list` shows them");
      }
      return found.get(0);
    }

    /** Documents in force that none of the remaining operators signed. */
    private static List<String> endorsed(ClientHome home, List<String> remaining) {
      List<String> endorsed = new ArrayList<>();
      for (DocumentType type : DocumentType.values()) {
        home.documents()
            .held(type)
            .filter(d -> type != DocumentType.SETTINGS && !d.signedByAny(remaining))
            .map(Document::hash)
            .ifPresent(endorsed::add);
      }
      return endorsed;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.client.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A bundle made out of another one. Versions of packages stay what they are, so that old and new
 * bundles go together. Same changes, same bytes.
 */
final class BundleRewrite {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Attributes.Name VERSION = new Attributes.Name("Bundle-Version");
  private static final Attributes.Name COMPONENTS = new Attributes.Name("Service-Component");
  private static final Attributes.Name IMPORTS = new Attributes.Name("Import-Package");
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Manifest manifest;

  private BundleRewrite(InputStream jar) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(jar)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    manifest = new Manifest(new ByteArrayInputStream(require(MANIFEST)));
  }

  static BundleRewrite of(InputStream jar) throws IOException {
    return new BundleRewrite(jar);
  }

  private byte[] require(String entry) {
    byte[] content = entries.get(entry);
    if (content == null) {
      throw new IllegalStateException("the bundle has no " + entry);
    }
    return content;
  }

  void version(String version) {
    manifest.getMainAttributes().put(VERSION, version);
  }

  /** One that has to be there. */
  void replace(String entry, String text) {
    require(entry);
    entries.put(entry, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a component that starts with the bundle.
   *
   * @param type written against what the bundle imports already
   * @param services interfaces it provides
   * @param activate name of its method, or null
   * @param deactivate the same
   */
  void addComponent(Class<?> type, List<String> services, String activate, String deactivate) {
    String name = type.getName();
    String file = name.replace('.', '/') + ".class";
    try (InputStream code = type.getClassLoader().getResourceAsStream(file)) {
      entries.put(file, code.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    entries.put(
        descriptor(name),
        xml(name, services, activate, deactivate).getBytes(StandardCharsets.UTF_8));
    append(COMPONENTS, descriptor(name));
  }

  private static String descriptor(String component) {
    return "OSGI-INF/" + component + ".xml";
  }

  private static String xml(
      String name, List<String> services, String activate, String deactivate) {
    String provides =
        services.stream()
            .map("<provide interface=\"%s\"/>"::formatted)
            .collect(Collectors.joining());
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s" immediate="true"%s%s>
          %s<implementation class="%s"/>
        </scr:component>
        """
        .formatted(
            name,
            activate == null ? "" : " activate=\"" + activate + "\"",
            deactivate == null ? "" : " deactivate=\"" + deactivate + "\"",
            provides.isEmpty() ? "" : "<service>" + provides + "</service>",
            name);
  }

  /** Takes a component away that has to be there; its code stays. */
  void removeComponent(String name) {
    require(descriptor(name));
    entries.remove(descriptor(name));
    Attributes main = manifest.getMainAttributes();
    List<String> left = new ArrayList<>(List.of(main.getValue(COMPONENTS).split("\\s*,\\s*")));
    left.remove(descriptor(name));
    if (left.isEmpty()) {
      main.remove(COMPONENTS);
    } else {
      main.put(COMPONENTS, String.join(",", left));
    }
  }

  void importPackage(String clause) {
    append(IMPORTS, clause);
  }

  private void append(Attributes.Name header, String clause) {
    String before = manifest.getMainAttributes().getValue(header);
    manifest.getMainAttributes().put(header, before == null ? clause : before + "," + clause);
  }

  /** The new bundle, its manifest first. */
  byte[] jar() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    manifest.write(text);
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      put(zip, MANIFEST, text.toByteArray());
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        if (!entry.getKey().equals(MANIFEST)) {
          put(zip, entry.getKey(), entry.getValue());
        }
      }
    }
    return jar.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    zip.write(content);
  }
}

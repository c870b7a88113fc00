// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** A Karaf features repository, as far as it names bundles. */
final class FeaturesFile {
  private static final String MVN = "mvn:";

  private FeaturesFile() {}

  /** Paths in Maven's layout of the bundles it names, in its order. */
  static List<String> bundles(byte[] xml) throws IOException {
    NodeList nodes = parse(xml).getElementsByTagName("bundle");
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      paths.add(path(nodes.item(i).getTextContent().strip()));
    }
    return paths;
  }

  /** {@code mvn:group/artifact/version} where Maven's layout has it. */
  static String path(String url) {
    String[] part = url.startsWith(MVN) ? url.substring(MVN.length()).split("/") : new String[0];
    if (part.length < 3 || part.length > 5) {
      throw new FailedException(
          "the features repository names "
              + org.smon.api.Names.quote(url)
              + "; a peer can only install mvn:group/artifact/version");
    }
    String type = part.length > 3 ? part[3] : "jar";
    String classifier = part.length > 4 ? "-" + part[4] : "";
    return "%s/%s/%s/%s-%s%s.%s"
        .formatted(part[0].replace('.', '/'), part[1], part[2], part[1], part[2], classifier, type);
  }

  private static org.w3c.dom.Document parse(byte[] xml) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // the default one writes to stderr
      return builder.parse(new ByteArrayInputStream(xml));
    } catch (SAXException e) {
      throw new FailedException("the features repository is no XML: " + e.getMessage(), e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("this Java has no XML parser", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * Starts the runtime and the release as a machine gets them, and asks the peer through its Karaf
 * shell. The test methods run inside that container.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AssemblyIT {
  private static final String ADDED = "added.invalid";

  @Inject private SessionFactory sessions;
  @Inject private BundleContext context;

  @Configuration
  public Option[] ourAssembly() throws IOException {
    PreparedRoot root = PreparedRoot.make();
    return ExamOptions.of(root, Map.of("smon.exam.signed", root.signed().toString()));
  }

  @Test
  public void statusCommandShowsThisPeerOnline() {
    awaitOutput("smon:status", "online");
    assertTrue(run("smon:status").contains("127.0.0.1"));
  }

  @Test
  public void machinesCommandShowsTheSignedList() {
    assertTrue(run("smon:machines").contains("127.0.0.1"));
  }

  @Test
  public void livetagIsSwitchedByWhatAnOperatorSignedAndByNothingElse() throws IOException {
    assertTrue(run("smon:livetag").contains("livetag true"));
    assertTrue(run("smon:enable " + signed("off")).contains("this signed livetag says false"));
    assertTrue(run("smon:disable " + signed("forged-off")).contains("is refused"));
    assertTrue(run("smon:disable " + signed("longer")).contains("a signed list, not a livetag"));
    assertTrue(run("smon:disable").contains("a peer cannot sign for the operator"));
    assertTrue(run("smon:disable false").contains("not a signed document"));
    assertTrue(run("smon:livetag").contains("livetag true"));

    String told = run("smon:disable " + signed("off"));
    assertTrue(told, told.contains("livetag, version 2, is in force here and spreads"));
    assertTrue(run("smon:livetag").contains("livetag false, version 2"));
    assertTrue(run("smon:status").contains("livetag false"));
    assertTrue(run("smon:disable " + signed("off")).contains("was in force here already"));

    assertTrue(run("smon:enable " + signed("on")).contains("version 3"));
    assertTrue(run("smon:livetag").contains("livetag true, version 3"));
  }

  @Test
  public void theMachineListIsEditedByWhatAnOperatorSigned() throws IOException {
    assertTrue(run("smon:machines-edit " + signed("unsigned-longer")).contains("is refused"));
    assertFalse(run("smon:machines").contains(ADDED));

    String told = run("smon:machines-edit " + signed("longer"));
    assertTrue(told, told.contains("added " + ADDED));
    assertTrue(told, told.contains("list, version 2, is in force here and spreads"));
    assertTrue(run("smon:machines").contains(ADDED));

    assertTrue(run("smon:machines-edit " + signed("shorter")).contains("removed " + ADDED));
    assertTrue(run("smon:machines-edit " + signed("longer")).contains("is older than what is"));
    assertFalse(run("smon:machines").contains(ADDED));
  }

  private static String signed(String name) throws IOException {
    return Files.readString(Path.of(System.getProperty("smon.exam.signed"), name));
  }

  @Test
  public void featuresOfThePeerAreStarted() {
    String list = "feature:list -i --no-format";
    awaitOutput(list, "smon-shell");
    String features = run(list);
    for (String name : List.of("smon-peer", "smon-shell", "smon-cxf")) {
      assertTrue(
          features,
          features.lines().anyMatch(line -> line.startsWith(name) && line.contains("Started")));
    }
  }

  @Test
  public void bundlesOfTheReleaseAreAllActive() {
    List<Bundle> ours =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getSymbolicName().startsWith("org.smon."))
            .toList();
    assertTrue(ours.size() + " bundles", ours.size() >= 11);
    ours.forEach(bundle -> assertEquals(bundle.toString(), Bundle.ACTIVE, bundle.getState()));
  }

  @Test
  public void bundlesOfOursHaveNoActivatorAndNoBlueprint() {
    for (Bundle bundle : context.getBundles()) {
      String name = bundle.getSymbolicName();
      assertFalse(name, name.contains("blueprint"));
      if (name.startsWith("org.smon.")) {
        assertEquals(name, null, bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATOR));
      }
    }
  }

  @Test
  public void nothingOfKarafThatListensOrWatchesIsThere() {
    for (Bundle bundle : context.getBundles()) {
      String name = bundle.getSymbolicName();
      assertFalse(name, name.matches("org\\.apache\\.karaf\\.(shell\\.ssh|management|deployer).*"));
    }
    assertFalse(new File(System.getProperty("karaf.base"), "deploy").exists());
    assertFalse(new File(System.getProperty("karaf.etc"), "users.properties").exists());
  }

  private void awaitOutput(String command, String expected) {
    new ExamShell(sessions).awaitOutput(command, expected);
  }

  private String run(String command) {
    return new ExamShell(sessions).run(command);
  }
}

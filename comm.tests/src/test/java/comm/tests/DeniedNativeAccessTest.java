package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.tests.ranks.LaunchTwo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * JVMs that deny native access to all modules but those that are named: what later JDKs do unasked.
 */
@Timeout(180)
class DeniedNativeAccessTest {

  private static final String DENY = "--illegal-native-access=deny";
  private static final String ALLREDUCE = "comm.examples.AllReduce";
  private static final String LAUNCHER = LaunchTwo.class.getName();

  @TempDir private Path directory;

  @BeforeAll
  static void the_jvm_can_deny() {
    assumeTrue(
        Runtime.version().feature() >= 24,
        () -> DENY + " needs JDK 24 or newer, and this is " + Runtime.version());
  }

  private ChildJvm jvm(String... options) {
    return new ChildJvm(directory).options(options);
  }

  private static void assertBothRanksSucceed(ChildJvm.Ended ended) {
    assertEquals("", ended.err());
    assertEquals(0, ended.exitCode(), ended::toString);
    for (int rank = 0; rank < 2; rank++) {
      String line = "OK: rank " + rank + " of 2 has all 256 sums right (sim)";
      assertTrue(ended.out().lines().toList().contains(line), ended::toString);
    }
  }

  @Test
  void a_launcher_and_its_ranks_work_on_the_module_path() throws IOException, InterruptedException {
    assertBothRanksSucceed(
        jvm(DENY).runModule("comm.tests/" + LAUNCHER, "comm.examples/" + ALLREDUCE, DENY));
  }

  @Test
  void a_launcher_and_its_ranks_work_on_the_class_path() throws IOException, InterruptedException {
    assertBothRanksSucceed(jvm(DENY).runClass(LAUNCHER, ALLREDUCE, DENY));
  }

  @Test
  void ranks_are_given_the_option_by_their_launcher() throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm()
            .runModule(
                "comm.tests/" + LAUNCHER,
                "comm.examples/" + ALLREDUCE,
                "--illegal-native-access=nonsense");

    assertNotEquals(0, ended.exitCode(), ended::toString);
    assertTrue(ended.err().contains("nonsense"), ended::toString);
  }

  @Test
  void a_rank_works_with_the_documented_option_and_fails_without_it()
      throws IOException, InterruptedException {
    String[] alone = {
      DENY, "-Dcomm.rank=0", "-Dcomm.size=1", "-Dcomm.rootinfo=" + directory.resolve("rootinfo")
    };
    String program = "comm.examples/" + ALLREDUCE;

    ChildJvm.Ended allowed =
        jvm(alone).options("--enable-native-access=com.sun.jna").runModule(program);
    ChildJvm.Ended denied = jvm(alone).runModule(program);

    assertEquals("OK: rank 0 of 1 has all 256 sums right (sim)\n", ChildJvm.output(allowed));
    assertEquals(1, denied.exitCode(), denied::toString);
    assertTrue(denied.err().contains("IllegalCallerException"), denied::toString);
    assertTrue(denied.err().contains("com.sun.jna"), denied::toString);
  }

  @Test
  void a_launcher_with_the_documented_option_reports_a_job_that_failed()
      throws IOException, InterruptedException {
    // after a failure a launcher removes what dead ranks have left, by native calls
    ChildJvm.Ended ended =
        jvm(DENY, "--enable-native-access=com.sun.jna")
            .runModule("comm.tests/" + LAUNCHER, "comm.examples/comm.examples.NotThere", DENY);

    assertEquals(1, ended.exitCode(), ended::toString);
    assertTrue(
        ended.err().contains("can't run comm.examples/comm.examples.NotThere"), ended::toString);
    assertTrue(!ended.err().contains("could not sweep"), ended::toString);
  }
}

package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.ranks.LaunchTwo;
import comm.tests.ranks.OpenAlone;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ranks print nothing that their program doesn't print: no warning of the JVM, on whatever JDK this
 * runs, where they are started as the documentation says.
 */
@Timeout(180)
class QuietStartTest {

  private static final String RING = "comm.examples.Ring";
  private static final String RING_SAYS = "OK: 5 laps of 2 ranks add up to 15\n";
  private static final String LAUNCHER = LaunchTwo.class.getName();

  @TempDir private Path directory;

  private ChildJvm jvm() {
    return new ChildJvm(directory);
  }

  private static void assertPrints(String expected, ChildJvm.Ended ended) {
    assertEquals("", ended.err());
    assertEquals(expected, ended.out());
    assertEquals(0, ended.exitCode());
  }

  @Test
  void a_launcher_and_two_ranks_on_the_module_path_print_nothing_of_their_own()
      throws IOException, InterruptedException {
    // no --enable-native-access here: a launcher doesn't need it, and gives it to its ranks
    assertPrints(RING_SAYS, jvm().runModule("comm.tests/" + LAUNCHER, "comm.examples/" + RING));
  }

  @Test
  void a_launcher_and_two_ranks_on_the_class_path_print_nothing_of_their_own()
      throws IOException, InterruptedException {
    assertPrints(RING_SAYS, jvm().runClass(LAUNCHER, RING));
  }

  @Test
  void a_rank_on_the_module_path_without_a_launcher_is_silent_with_the_documented_option()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm()
            .options("--enable-native-access=com.sun.jna")
            .runModule("comm.tests/" + OpenAlone.class.getName(), rootInfo());

    assertEquals("", ended.err());
    assertTrue(ended.out().endsWith("opened sim 42\n"), ended.out());
  }

  @Test
  void a_rank_on_the_class_path_without_a_launcher_is_silent_with_the_documented_option()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm()
            .options("--enable-native-access=ALL-UNNAMED")
            .runClass(OpenAlone.class.getName(), rootInfo());

    assertEquals("", ended.err());
    assertTrue(ended.out().endsWith("opened sim 42\n"), ended.out());
  }

  @Test
  void what_a_rank_does_print_on_standard_error_would_be_seen_here()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm().runModule("comm.tests/" + LAUNCHER, "comm.examples/comm.examples.NotThere");

    assertTrue(ended.err().contains("comm.examples.NotThere"), ended::toString);
    assertTrue(ended.exitCode() != 0, ended::toString);
  }

  private String rootInfo() {
    return directory.resolve("rootinfo").toString();
  }
}

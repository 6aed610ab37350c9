package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated programs find a mistake in a backend's barrier, and say it in few steps. */
@Tag("once")
class PlantedBugTest {

  private static final String SIM = "comm.backend.sim";
  private static final String BARRIER = "comm/backend/sim/protocol/Barrier.java";
  private static final String PROPERTIES = "comm.tests.conformance.SimThreadsProperties";

  /** Every rank looks at all others. */
  private static final String RIGHT = "while (seen < size - 1) {";

  /** The last of all ranks doesn't look at the one before it, and gets through early. */
  private static final String WRONG = "while (seen < size - (rank == size - 1 ? 2 : 1)) {";

  private static final int SHORT = 8;

  @TempDir Path directory;

  private ChildJvm jvm() {
    return new ChildJvm(directory).options("--enable-native-access=com.sun.jna");
  }

  private ChildJvm.Ended programs(ChildJvm jvm) throws IOException, InterruptedException {
    return jvm.runModule(
        "comm.tests/" + RunTests.class.getName(), PROPERTIES, directory + "/database");
  }

  private Path planted() throws IOException {
    String source =
        Project.text(Project.root().resolve(SIM).resolve("src/main/java").resolve(BARRIER));
    assertEquals(2, source.split(Pattern.quote(RIGHT), -1).length, "places of " + RIGHT);
    Path sources = directory.resolve("src");
    return Compiled.classes(
        directory.resolve("planted"),
        List.of("--patch-module", SIM + "=" + sources),
        sources,
        Map.of(BARRIER, source.replace(RIGHT, WRONG)));
  }

  @Test
  void a_barrier_that_a_rank_gets_through_early_is_found() throws Exception {
    ChildJvm jvm = jvm().options("--patch-module", SIM + "=" + planted());
    long start = System.nanoTime();
    ChildJvm.Ended ended = programs(jvm);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(1, ended.exitCode(), ended::toString);
    List<String> found =
        Pattern.compile("Program\\.of\\(.*?\\.end\\(\\)", Pattern.DOTALL)
            .matcher(ended.out())
            .results()
            .map(MatchResult::group)
            .toList();
    assertFalse(found.isEmpty(), ended::toString);
    String shrunk = found.get(found.size() - 1);
    System.out.println("found in " + time.toMillis() / 1e3 + " s:\n" + shrunk);
    assertTrue(shrunk.lines().count() - 2 <= SHORT, ended::toString);
  }

  @Test
  void the_barrier_as_it_is_passes_in_such_a_process() throws Exception {
    ChildJvm.Ended ended = programs(jvm().options("-Dcomm.testkit.tries=5"));
    assertTrue(ChildJvm.output(ended).endsWith("1 succeeded\n"), ended::toString);
  }
}

package comm.tests.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.testkit.Leftovers;
import comm.tests.Jobs;
import comm.tests.ranks.ChipLifecycle;
import comm.worker.RankJob;
import comm.worker.RankProgram;
import comm.worker.kernel.HostRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two-rank lifecycle of the ported system, one process a rank. */
@Timeout(300)
class ChipLifecycleTest {

  private static final List<String> BEGIN = List.of("start", "init", "set_device");
  private static final List<String> CYCLE =
      List.of(
          "comm_init",
          "alloc",
          "query",
          "memcpy",
          "ctx_fields_ok",
          "cross_rank",
          "barrier",
          "destroy",
          "stale_handle_refused");
  private static final List<String> END = List.of("reset_device", "finalize");

  private final Leftovers leftovers = Leftovers.ofSharedMemory();

  @AfterEach
  void nothing_is_left_in_shared_memory() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  private static RankJob job(int size, int cycles) {
    return RankJob.of(size, RankProgram.parse("comm.tests/" + ChipLifecycle.class.getName()))
        .withArguments(List.of(Integer.toString(cycles)))
        .withWaitTimeout(Duration.ofMinutes(1));
  }

  /** Whatever the environment of the tests names. */
  private static RankJob onSim(RankJob job) {
    return job.withEnvironment(HostRuntime.LIBRARY_VARIABLE, "");
  }

  private static List<String> stages(int cycles) {
    return Stream.of(
            BEGIN.stream(),
            Stream.generate(() -> CYCLE).limit(cycles).flatMap(List::stream),
            END.stream())
        .flatMap(part -> part)
        .map(stage -> "stage " + stage)
        .toList();
  }

  private static void run(RankJob spec, int cycles) throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(spec)) {
      job.assertSuccess();
      for (int rank = 0; rank < spec.size(); rank++) {
        assertEquals(stages(cycles), job.lines(rank));
      }
    }
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 4})
  void ranks_live_their_whole_life_on_sim(int size) throws IOException, InterruptedException {
    run(onSim(job(size, 1)), 1);
  }

  @Test
  void two_ranks_join_again_and_again_on_sim() throws IOException, InterruptedException {
    run(onSim(job(2, 20)), 20);
  }

  @Test
  void two_ranks_live_their_whole_life_on_a_host_runtime()
      throws IOException, InterruptedException {
    run(HostRuntimeDouble.in(job(2, 1)), 1);
  }

  /** The environment is handed on to the ranks; what they print is more than stages there. */
  @Tag("hardware")
  @EnabledIfEnvironmentVariable(named = HostRuntime.LIBRARY_VARIABLE, matches = ".+")
  @Test
  void two_ranks_live_their_whole_life_on_the_host_runtime_of_the_environment()
      throws IOException, InterruptedException {
    RankJob spec = job(2, 1).withGrace(Duration.ofSeconds(30));
    try (Jobs job = Jobs.start(spec)) {
      job.assertSuccess();
      for (int rank = 0; rank < spec.size(); rank++) {
        List<String> lines = job.lines(rank);
        lines.forEach(System.out::println);
        assertEquals(stages(1), lines.stream().filter(line -> line.startsWith("stage ")).toList());
      }
    }
  }
}

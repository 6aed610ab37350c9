package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.testkit.Leftovers;
import comm.worker.RankJob;
import comm.worker.RankProgram;
import comm.worker.kernel.HostRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the migration pages, each rank a process. */
@Timeout(180)
class MigrationExamplesTest {

  private final Leftovers leftovers = Leftovers.ofSharedMemory();

  @AfterEach
  void nothing_is_left_in_shared_memory() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  private static Jobs start(int size, String example) throws IOException {
    String name = "comm.examples/comm.examples.migration." + example;
    return Jobs.start(
        RankJob.of(size, RankProgram.parse(name))
            .withBackend("sim")
            .withEnvironment(HostRuntime.LIBRARY_VARIABLE, "")
            .withWaitTimeout(Duration.ofMinutes(1)));
  }

  private static void runs(int size, String example, IntFunction<String> prints)
      throws IOException, InterruptedException {
    try (Jobs job = start(size, example)) {
      job.assertSuccess();
      for (int rank = 0; rank < size; rank++) {
        assertEquals(List.of(prints.apply(rank)), job.lines(rank));
      }
    }
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 4})
  void halos_put_between_fences_give_what_one_process_computes(int size)
      throws IOException, InterruptedException {
    runs(
        size,
        "MpiHalo",
        rank ->
            String.format(
                "OK: rank %d of %d has the 16 cells after 200 steps that one process computes",
                rank, size));
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 4})
  void blocks_that_go_round_with_signals_reach_every_rank(int size)
      throws IOException, InterruptedException {
    runs(
        size,
        "ShmemRing",
        rank -> String.format("OK: rank %d of %d has all %2$d blocks", rank, size));
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 4})
  void a_chip_driven_as_from_python_reads_its_neighbours_numbers(int size)
      throws IOException, InterruptedException {
    runs(
        size,
        "PythonLifecycle",
        rank -> String.format("OK: rank %d of %d read its neighbour's 1024 floats", rank, size));
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 4})
  void tickets_of_one_counter_are_drawn_once_each(int size)
      throws IOException, InterruptedException {
    try (Jobs job = start(size, "ShmemCounter")) {
      job.assertSuccess();
      assertEquals("OK: each of 1000 tickets was drawn once", job.lines(0).get(0));
      int sum = 0;
      for (int rank = 0; rank < size; rank++) {
        String start = "rank " + rank + " of " + size + " drew ";
        List<String> lines = job.lines(rank);
        String last = lines.get(lines.size() - 1);
        assertEquals(start, last.substring(0, start.length()));
        sum += Integer.parseInt(last.substring(start.length()));
      }
      assertEquals(1000, sum);
    }
  }
}

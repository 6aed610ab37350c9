package comm.tests.chip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Leftovers;
import comm.tests.Jobs;
import comm.tests.ranks.ChipBootstraps;
import comm.worker.RankJob;
import comm.worker.RankProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two chips on sim, each in a process of its own, brought up by configurations. */
@Timeout(180)
class ChipBootstrapSimTest {

  private final Leftovers leftovers = Leftovers.ofSharedMemory();

  @AfterEach
  void nothing_is_left_in_shared_memory() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  private static Jobs start(String name) throws IOException {
    return Jobs.start(
        RankJob.of(2, RankProgram.parse("comm.tests/" + ChipBootstraps.class.getName()))
            .withArguments(List.of(name))
            .withWaitTimeout(Duration.ofMinutes(1)));
  }

  private static void run(String name) throws IOException, InterruptedException {
    try (Jobs job = start(name)) {
      job.assertSuccess();
      for (int rank = 0; rank < 2; rank++) {
        assertTrue(job.lines(rank).contains("done " + name), () -> job.lines(0).toString());
      }
    }
  }

  @Test
  void two_ranks_without_host_inputs_get_a_window_and_an_address_a_buffer_and_say_so()
      throws IOException, InterruptedException {
    run("plain");
  }

  @Test
  void what_was_loaded_from_the_host_is_in_its_buffer() throws IOException, InterruptedException {
    run("load");
  }

  @Test
  void what_is_stored_to_the_host_is_in_its_file() throws IOException, InterruptedException {
    run("store");
  }

  @Test
  void an_invalid_placement_is_said_in_the_channel() throws IOException, InterruptedException {
    run("placement");
  }

  @Test
  void a_missing_host_output_is_said_in_the_channel() throws IOException, InterruptedException {
    run("outputs");
  }

  @Test
  void buffers_lie_at_multiples_of_their_alignments() throws IOException, InterruptedException {
    run("alignment");
  }

  @Test
  void a_rank_whose_buffers_overflow_its_window_fails_and_the_other_is_told()
      throws IOException, InterruptedException {
    try (Jobs job = start("overflow")) {
      job.assertSuccess();
      assertTrue(job.lines(1).contains("told of rank 0"), () -> job.lines(1).toString());
    }
  }

  @Test
  void chips_are_brought_up_again() throws IOException, InterruptedException {
    run("again");
  }
}

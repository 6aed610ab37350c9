package comm.tests;

import comm.testkit.Leftovers;
import comm.tests.ranks.Barriers;
import comm.tests.ranks.Lifecycle;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks that are killed or stopped, by real signals. */
@Timeout(300)
class DeathTest {

  private final Leftovers leftovers = Leftovers.ofSharedMemory();

  @AfterEach
  void nothing_is_left_in_shared_memory() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  @Test
  void a_killed_rank_is_reported_by_all_others_within_100_ms_in_the_median_of_20()
      throws IOException, InterruptedException {
    Deaths.assertNoticedInTime(
        20, size -> Jobs.spec(size, Barriers.class, Integer.toString(size - 1)), "sim");
  }

  @Test
  void a_stopped_rank_is_alive_when_the_time_is_over() throws IOException, InterruptedException {
    Deaths.assertStoppedIsAlive(Jobs.spec(2, Barriers.class, "1"));
  }

  @Test
  void all_ranks_killed_at_any_moment_leave_nothing_that_harms_the_next_run()
      throws IOException, InterruptedException {
    Deaths.killAllAtAnyMoment(10, size -> Jobs.spec(size, Lifecycle.class, "1000000"));
    try (Jobs job = Jobs.start(2, Lifecycle.class, "10")) {
      job.assertSuccess();
    }
  }
}

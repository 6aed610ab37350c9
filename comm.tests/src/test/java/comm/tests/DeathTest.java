package comm.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Eventually;
import comm.testkit.Leftovers;
import comm.tests.ranks.Barriers;
import comm.tests.ranks.Lifecycle;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
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
    try (Jobs job =
        Jobs.start(Jobs.spec(2, Barriers.class, "1").withWaitTimeout(Duration.ofSeconds(6)))) {
      job.awaitLineOfAll("ready");
      job.signal(1, "STOP");
      Eventually.holds(
          "rank 0 has failed",
          Duration.ofSeconds(20),
          () -> job.lines(0).stream().anyMatch(line -> line.startsWith("CommTimeout")));
      String message = job.lines(0).get(job.lines(0).size() - 1);
      assertTrue(
          message.contains("(limit 6.0 s, from environment variable COMM_TIMEOUT)"), message);
      assertTrue(message.contains("1 of 2 ranks came, missing rank 1 (alive, pid "), message);
      assertTrue(message.contains("stopped by a signal"), message);
      job.signal(1, "CONT");
      job.result();
    }
  }

  @Test
  void all_ranks_killed_at_any_moment_leave_nothing_that_harms_the_next_run()
      throws IOException, InterruptedException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 10; i++) {
      try (Jobs job = Jobs.start(2, Lifecycle.class, "1000000")) {
        long started = System.nanoTime();
        long delay = (long) (random.nextDouble() * 1.2e9);
        Eventually.holds(
            "time to kill", Duration.ofSeconds(5), () -> System.nanoTime() - started > delay);
        job.process(0).destroyForcibly();
        job.process(1).destroyForcibly();
      }
    }
    try (Jobs job = Jobs.start(2, Lifecycle.class, "10")) {
      job.assertSuccess();
    }
  }
}

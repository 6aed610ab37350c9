package comm.tests;

import comm.testkit.Leftovers;
import comm.tests.ranks.Lifecycle;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, real shared memory, from open to close. */
@Timeout(180)
class ProcessLifecycleTest {

  private final Leftovers leftovers = Leftovers.ofSharedMemory();

  @AfterEach
  void nothing_is_left_in_shared_memory() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void ranks_open_exchange_and_close(int size) throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(size, Lifecycle.class, "3")) {
      job.assertSuccess();
    }
  }

  @Test
  void sixty_four_ranks_work_on_whatever_processors_there_are()
      throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(64, Lifecycle.class, "2")) {
      job.assertSuccess();
    }
  }

  @Test
  void two_ranks_open_and_close_a_thousand_times_on_one_path()
      throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(2, Lifecycle.class, "1000")) {
      job.assertSuccess();
    }
  }
}

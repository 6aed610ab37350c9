package comm.tests.hccl;

import comm.tests.Deaths;
import comm.tests.Jobs;
import comm.tests.ranks.Barriers;
import comm.tests.ranks.DeviceLifecycle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranks on the double of CANN that are killed or stopped, by real signals. */
@Timeout(300)
class HcclDeathTest {

  @TempDir private Path directory;

  @ParameterizedTest(name = "CANN {0}, {2}, barrier on the {3}")
  @CsvSource({
    "8.5, Ascend910_9392, fabric, device",
    "8.1, Ascend910B1, vmm, device",
    "8.5, Ascend910B1, ipc, host",
    "9.2, Ascend910_9392, mc2, device",
  })
  void a_killed_rank_is_reported_by_all_others_within_100_ms_in_the_median(
      String version, String soc, String strategy, String barrier)
      throws IOException, InterruptedException {
    Deaths.assertNoticedInTime(
        6,
        size ->
            CannDouble.of(version, soc, directory)
                .job(
                    size,
                    Barriers.class,
                    List.of("-Dcomm.hccl.strategy=" + strategy, "-Dcomm.hccl.barrier=" + barrier),
                    Integer.toString(size - 1)),
        "hccl");
  }

  @Test
  void survivors_of_a_dead_rank_hold_nothing_and_remove_what_it_left()
      throws IOException, InterruptedException {
    CannDouble cann = CannDouble.of(CannDouble.NEW, CannDouble.A3, directory);
    try (Jobs job =
        Jobs.start(cann.job(3, Barriers.class, List.of(), "2").withGrace(Duration.ofSeconds(20)))) {
      job.awaitLineOfAll("ready");
      job.process(2).destroyForcibly();
      job.result();
    }
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
  }

  @Test
  void a_stopped_rank_is_alive_when_the_time_is_over() throws IOException, InterruptedException {
    Deaths.assertStoppedIsAlive(
        CannDouble.of(CannDouble.NEW, CannDouble.A3, directory)
            .job(2, Barriers.class, List.of(), "1"));
  }

  @Test
  void all_ranks_killed_at_any_moment_leave_nothing_that_harms_the_next_run()
      throws IOException, InterruptedException {
    CannDouble cann = CannDouble.of(CannDouble.NEW, CannDouble.A3, directory);
    Deaths.killAllAtAnyMoment(
        8, size -> cann.job(size, DeviceLifecycle.class, List.of(), "1000000", "5000", "fabric"));
    try (Jobs job =
        Jobs.start(cann.job(2, DeviceLifecycle.class, List.of(), "2", "5000", "fabric"))) {
      job.assertSuccess();
    }
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
  }
}

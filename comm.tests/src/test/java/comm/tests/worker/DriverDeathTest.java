package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import comm.testkit.Eventually;
import comm.testkit.Leftovers;
import comm.tests.Jobs;
import comm.worker.RankJob;
import comm.worker.RankProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills the process that drives chips: they end, and nothing of them stays. */
@Timeout(300)
class DriverDeathTest {

  private static final Duration SECOND_AND_SLACK = Duration.ofSeconds(3);

  private final Leftovers sharedMemory = Leftovers.ofSharedMemory();

  @TempDir private Path temporary;

  private RankJob spec(String... arguments) {
    return RankJob.of(1, RankProgram.parse("comm.tests/" + Driver.class.getName()))
        .withArguments(List.of(arguments))
        .withJvmOptions(List.of("-Djava.io.tmpdir=" + temporary));
  }

  @Test
  void chips_in_a_task_end_with_their_driver() throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(spec("run"))) {
      Eventually.holds(
          "both chips wait",
          Duration.ofSeconds(30),
          () -> job.lines(0).stream().filter(line -> line.contains("waiting ")).count() == 2);
      killDriver(job);
      sharedMemory.assertNone(Duration.ofSeconds(5));
      Eventually.holds("nothing is left in " + temporary, Duration.ofSeconds(5), this::isEmpty);
    }
  }

  @Test
  void chips_end_with_their_driver_at_whatever_moment_it_dies()
      throws IOException, InterruptedException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 4; i++) {
      try (Jobs job = Jobs.start(spec())) {
        long from = System.nanoTime();
        long delay = (long) (random.nextDouble() * 2.5e9);
        Eventually.holds(
            "time to kill", Duration.ofSeconds(10), () -> System.nanoTime() - from > delay);
        killDriver(job);
        assertNothingIsLeft();
      }
    }
  }

  private void killDriver(Jobs job) throws InterruptedException {
    ProcessHandle driver = job.process(0);
    List<ProcessHandle> chips = driver.descendants().toList();
    driver.destroyForcibly();
    Eventually.holds(
        "the chips have ended",
        SECOND_AND_SLACK,
        () -> chips.stream().noneMatch(ProcessHandle::isAlive));
    assertEquals(128 + 9, job.result().exitCode());
    assertFalse(driver.isAlive());
  }

  /**
   * Chips take the driver's files with them. If there were none yet, or a chip had no time to leave
   * a communicator that was forming, the next driver does.
   */
  private void assertNothingIsLeft() throws IOException, InterruptedException {
    if (!isEmpty() || !sharedMemory.added().isEmpty()) {
      try (Jobs job = Jobs.start(spec("once"))) {
        assertEquals(0, job.result().exitCode(), "the next driver");
      }
    }
    sharedMemory.assertNone(Duration.ofSeconds(5));
    Eventually.holds("nothing is left in " + temporary, Duration.ofSeconds(5), this::isEmpty);
  }

  private boolean isEmpty() {
    String[] names = temporary.toFile().list();
    return names != null && names.length == 0;
  }
}

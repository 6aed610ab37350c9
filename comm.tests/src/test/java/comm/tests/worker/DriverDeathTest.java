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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      ints = {
        ChipSteps.START,
        ChipSteps.INIT,
        ChipSteps.COMM_INIT,
        ChipSteps.COMM_ALLOC_WINDOWS,
        ChipSteps.IDLE,
        ChipSteps.COMM_DESTROY
      })
  void chips_end_with_their_driver_in_whatever_step_they_are(int step)
      throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(spec())) {
      ChipSteps.of(1, temporary, Set.of()).await(step, () -> false);
      killDriver(job);
      assertNothingIsLeft();
    }
  }

  @Test
  void the_files_of_a_driver_that_lives_are_left_alone() throws IOException, InterruptedException {
    try (Jobs living = Jobs.start(spec("run"))) {
      ChipSteps.of(1, temporary, Set.of()).await(ChipSteps.IDLE, () -> false);
      Set<Path> its = ChipSteps.jobs(temporary);
      try (Jobs next = Jobs.start(spec("once"))) {
        assertEquals(0, next.result().exitCode(), "the next driver");
      }
      assertEquals(its, ChipSteps.jobs(temporary));
      killDriver(living);
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

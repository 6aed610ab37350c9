package comm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Launching real child JVMs. */
@Timeout(120)
class RankLauncherTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the ranks printed; calls come one at a time, but from several threads. */
  private static final class Recorder implements RankOutput {
    private final List<String> lines = new ArrayList<>();
    private final CountDownLatch ready;

    Recorder(int ranks) {
      ready = new CountDownLatch(ranks);
    }

    @Override
    public synchronized void line(int rank, boolean isError, String line) {
      lines.add(rank + (isError ? "! " : ": ") + line);
      if (line.equals("ready")) {
        ready.countDown();
      }
    }

    synchronized List<String> of(String prefix) {
      return lines.stream()
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()))
          .toList();
    }

    void awaitReady() throws InterruptedException {
      assertTrue(ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "ranks are not ready");
    }
  }

  private static JobResult run(RankJob job, RankOutput output)
      throws IOException, InterruptedException {
    try (RunningJob running = TestRanks.launcher().start(job, output)) {
      return running.await(PATIENCE).orElseThrow();
    }
  }

  @Test
  void gives_each_rank_its_arguments_and_variables() throws Exception {
    Recorder recorder = new Recorder(0);
    RankJob job =
        TestRanks.job(2, TestRanks.Echo.class)
            .withArguments(List.of("a b", "", "@c", "-d"))
            .withBackend("some")
            .withWaitTimeout(Duration.ofSeconds(7));

    JobResult result = run(job, recorder);

    assertEquals(JobOutcome.SUCCEEDED, result.outcome(), result.report());
    List<String> lines = recorder.of("1: ");
    assertEquals("arguments [a b, , @c, -d]", lines.get(0));
    assertEquals("COMM_RANK=1", lines.get(1));
    assertEquals("COMM_SIZE=2", lines.get(2));
    assertEquals("COMM_BACKEND=some", lines.get(4));
    assertEquals("COMM_TIMEOUT=7000ms", lines.get(5));
    Path rootInfo = Path.of(lines.get(3).substring("COMM_ROOTINFO=".length()));
    assertEquals("jna.tmpdir=" + rootInfo.getParent(), lines.get(6));
    assertEquals(List.of("\u00e9\u4e16 on stderr"), recorder.of("1! "));
  }

  @Test
  void has_a_directory_for_its_user_only_and_removes_it() throws Exception {
    Recorder recorder = new Recorder(1);
    Path directory;
    try (RunningJob running =
        TestRanks.launcher().start(TestRanks.job(1, TestRanks.Stand.class), recorder)) {
      recorder.awaitReady();
      directory = running.directory();
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    }

    assertFalse(Files.exists(directory));
  }

  @Test
  void gives_ranks_nothing_to_read() throws Exception {
    Recorder recorder = new Recorder(0);

    run(TestRanks.job(1, TestRanks.ReadInput.class), recorder);

    assertEquals(List.of("read -1"), recorder.of("0: "));
  }

  @Test
  void hands_on_every_line_and_a_last_one_without_an_end() throws Exception {
    Recorder recorder = new Recorder(0);
    int count = TestRanks.PrintMuch.LINES;

    JobResult result = run(TestRanks.job(2, TestRanks.PrintMuch.class), recorder);

    for (int rank = 0; rank < 2; rank++) {
      List<String> out =
          new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "out " + i).toList());
      out.add("no end of line");
      assertEquals(out, recorder.of(rank + ": "));
      assertEquals(
          IntStream.range(0, count).mapToObj(i -> "err " + i).toList(), recorder.of(rank + "! "));
      assertEquals(50, result.ranks().get(rank).lastLines().size());
    }
  }

  @Test
  void goes_on_when_the_receiver_of_output_throws() throws Exception {
    JobResult result =
        run(
            TestRanks.job(1, TestRanks.PrintMuch.class),
            (rank, isError, line) -> {
              throw new IllegalStateException("the receiver is broken, as this test wants it");
            });

    assertEquals(JobOutcome.SUCCEEDED, result.outcome());
  }

  @Test
  void reports_the_rank_that_threw_and_stops_the_rest() throws Exception {
    RankJob job = TestRanks.job(3, TestRanks.RankOneThrows.class).withGrace(Duration.ofMillis(300));

    JobResult result = run(job, new Recorder(0));

    assertEquals(JobOutcome.FAILED, result.outcome());
    RankExit first = result.firstFailure().orElseThrow();
    assertEquals(1, first.rank());
    assertEquals(1, first.code());
    assertTrue(
        first.lastLines().get(0).endsWith("IllegalStateException: rank 1 has had enough"),
        result.report());
    assertTrue(result.ranks().get(0).stopped());
    assertTrue(result.ranks().get(2).stopped());
    assertEquals(1, result.exitCode());
  }

  @Test
  void keeps_the_exit_code_of_the_program() throws Exception {
    JobResult result =
        run(
            TestRanks.job(1, TestRanks.ExitWith.class).withArguments(List.of("42")),
            new Recorder(0));

    assertEquals(42, result.exitCode());
    assertEquals(Optional.empty(), result.firstFailure().orElseThrow().signal());
  }

  @Test
  void says_when_there_is_no_such_program() throws Exception {
    JobResult result = run(RankJob.of(1, RankProgram.parse("no.such.Thing")), new Recorder(0));

    assertEquals(69, result.exitCode());
    assertTrue(
        result.report().contains("rank 0 of 1 can't run no.such.Thing: there is no class"),
        result.report());
  }

  @Test
  void refuses_a_module_that_is_not_on_the_path() {
    RankJob job = RankJob.of(1, RankProgram.parse("no.such.module/p.Main"));

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> TestRanks.launcher().start(job, new Recorder(0)));

    assertEquals(
        "there is no module no.such.module on the module path []; a class on the class path is"
            + " given without a module: p.Main",
        e.getMessage());
  }

  @Test
  void waits_for_threads_that_outlive_main() throws Exception {
    Recorder recorder = new Recorder(0);

    JobResult result = run(TestRanks.job(1, TestRanks.LateThread.class), recorder);

    assertEquals(0, result.exitCode());
    assertEquals(List.of("late"), recorder.of("0: "));
  }

  @Test
  void names_the_signal_that_killed_a_rank() throws Exception {
    Recorder recorder = new Recorder(2);
    RankJob job = TestRanks.job(2, TestRanks.Stand.class).withGrace(Duration.ofMillis(100));
    try (RunningJob running = TestRanks.launcher().start(job, recorder)) {
      recorder.awaitReady();

      running.process(1).destroyForcibly();

      JobResult result = running.await(PATIENCE).orElseThrow();
      RankExit first = result.firstFailure().orElseThrow();
      assertEquals(1, first.rank());
      assertEquals(Optional.of("SIGKILL"), first.signal());
      assertEquals(137, result.exitCode());
      assertTrue(result.ranks().get(0).stopped());
    }
  }

  @Test
  void stops_everything_when_the_time_limit_expires() throws Exception {
    RankJob job = TestRanks.job(2, TestRanks.Stand.class).withTimeLimit(Duration.ofMillis(500));

    JobResult result = run(job, new Recorder(0));

    assertEquals(JobOutcome.TIME_LIMIT, result.outcome());
    assertEquals(124, result.exitCode());
    assertTrue(result.firstFailure().isEmpty());
    assertTrue(result.ranks().stream().allMatch(RankExit::stopped));
  }

  @Test
  void kills_a_rank_that_stands_still_and_ignores_the_polite_signal() throws Exception {
    Recorder recorder = new Recorder(2);
    RankJob job = TestRanks.job(2, TestRanks.Stand.class).withGrace(Duration.ofMillis(200));
    try (RunningJob running = TestRanks.launcher().start(job, recorder)) {
      recorder.awaitReady();
      Process stop =
          new ProcessBuilder("kill", "-STOP", Long.toString(running.pid(0))).inheritIO().start();
      assertEquals(0, stop.waitFor());

      running.process(1).destroyForcibly();

      JobResult result = running.await(PATIENCE).orElseThrow();
      assertEquals(Optional.of("SIGKILL"), result.ranks().get(0).signal());
      assertTrue(result.ranks().get(0).stopped());
      assertEquals(1, result.firstFailure().orElseThrow().rank());
    }
  }

  @Test
  void leaves_no_process_behind_when_it_is_closed() throws Exception {
    Recorder recorder = new Recorder(2);
    RunningJob running =
        TestRanks.launcher().start(TestRanks.job(2, TestRanks.Stand.class), recorder);
    recorder.awaitReady();

    running.close();
    running.close();

    assertFalse(running.process(0).isAlive());
    assertFalse(running.process(1).isAlive());
    assertEquals(JobOutcome.STOPPED, running.await().outcome());
  }
}

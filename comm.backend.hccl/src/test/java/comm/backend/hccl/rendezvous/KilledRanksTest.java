package comm.backend.hccl.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.hccl.rendezvous.Ranks.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranks that are processes, since only those can be killed. */
@Timeout(100)
class KilledRanksTest {

  private static final int TIMES = 5;

  /** From the kill to the error of a rank that waits. */
  private static final Duration LAW = Duration.ofMillis(100);

  @TempDir private Path directory;

  private final List<Process> children = new ArrayList<>();

  private BufferedReader start(Path path, int rank, int size) throws IOException {
    Process child =
        RankMain.start("rank", path.toString(), Integer.toString(rank), Integer.toString(size));
    children.add(child);
    return child.inputReader(StandardCharsets.UTF_8);
  }

  /** Kills with SIGKILL, and waits until the process is no more. */
  private void kill(int child) throws InterruptedException {
    children.get(child).destroyForcibly().waitFor();
  }

  @AfterEach
  void killAll() throws InterruptedException {
    for (int child = 0; child < children.size(); child++) {
      kill(child);
    }
  }

  private static void assertDead(int rank, BackendFailure e) {
    Failure.PeerFailed why = assertInstanceOf(Failure.PeerFailed.class, e.failure());
    assertEquals(rank, why.peer().rank());
    assertEquals(RankStatus.State.DEAD, why.peer().state());
  }

  private static void awaitRecord(Path path, int rank) throws IOException, BackendFailure {
    RootInfoFile file = new RootInfoFile(path);
    while (file.read().isEmpty()) {
      Thread.onSpinWait();
    }
    Path record = RunDirectory.of(path, file.read().orElseThrow().token()).record(rank);
    while (!Files.exists(record)) {
      Thread.onSpinWait();
    }
  }

  private static void assertLaw(List<Duration> noticed) {
    Collections.sort(noticed);
    assertTrue(noticed.get(TIMES / 2).compareTo(LAW) < 0, noticed::toString);
  }

  @Test
  void a_rank_that_is_killed_while_joining_is_noticed_by_the_others()
      throws IOException, InterruptedException, ExecutionException, BackendFailure {
    List<Duration> noticed = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      Path path = directory.resolve("root" + i);
      FutureTask<Outcome<Long>> mine = Ranks.start(0, me -> endOfJoining(path));
      start(path, 1, 3);
      awaitRecord(path, 1);

      long killed = System.nanoTime();
      children.get(i).destroyForcibly();

      noticed.add(Duration.ofNanos(mine.get().value().orElseThrow() - killed));
    }
    assertLaw(noticed);
    Ranks.assertNothingLeft(directory.resolve("root"));
  }

  private static long endOfJoining(Path path) {
    try {
      Ranks.join(Ranks.self(0, 3), path).close();
      throw new AssertionError("joined without rank 2");
    } catch (BackendFailure e) {
      long end = System.nanoTime();
      assertDead(1, e);
      return end;
    }
  }

  @Test
  void rank_0_that_is_killed_while_joining_is_noticed_by_the_others()
      throws IOException, InterruptedException, ExecutionException, BackendFailure {
    Path path = directory.resolve("root");
    start(path, 0, 3);
    awaitRecord(path, 0);
    FutureTask<Outcome<Run>> mine = Ranks.start(1, me -> Ranks.join(Ranks.self(1, 3), path));
    awaitRecord(path, 1);

    kill(0);

    assertDead(0, mine.get().thrown().orElseThrow());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void a_rank_that_is_killed_in_a_step_is_noticed_by_the_others()
      throws IOException, InterruptedException, ExecutionException {
    List<Duration> noticed = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      Path path = directory.resolve("root" + i);
      FutureTask<Outcome<Run>> joined = Ranks.start(0, me -> Ranks.join(Ranks.self(0, 2), path));
      BufferedReader lines = start(path, 1, 2);
      Run run = joined.get().value().orElseThrow();
      assertEquals("begins", lines.readLine());
      assertEquals("joined", lines.readLine());
      FutureTask<Outcome<Long>> mine = Ranks.start(0, me -> endOfSecondStep(run));
      assertEquals("passed", lines.readLine());

      long killed = System.nanoTime();
      children.get(i).destroyForcibly();

      noticed.add(Duration.ofNanos(mine.get().value().orElseThrow() - killed));
      run.close();
    }
    assertLaw(noticed);
    Ranks.assertNothingLeft(directory.resolve("root"));
  }

  private static long endOfSecondStep(Run run) throws BackendFailure {
    run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.within(Ranks.LONG));
    Step second = run.begin(Operation.BARRIER, new byte[0]);
    try {
      second.awaitAll(Ranks.within(Ranks.LONG));
      throw new AssertionError("held without rank 1");
    } catch (BackendFailure e) {
      long end = System.nanoTime();
      assertDead(1, e);
      return end;
    }
  }

  @Test
  void the_next_run_removes_what_killed_ranks_left()
      throws IOException, InterruptedException, ExecutionException {
    Path path = directory.resolve("root");
    BufferedReader first = start(path, 0, 2);
    BufferedReader second = start(path, 1, 2);
    for (BufferedReader lines : List.of(first, second)) {
      for (String line : List.of("begins", "joined", "passed")) {
        assertEquals(line, lines.readLine());
      }
    }
    kill(0);
    kill(1);
    assertEquals(1, Ranks.entries(directory).size());

    Ranks.close(Ranks.formed(2, path), path);
  }

  @Test
  void the_next_run_replaces_one_that_was_killed_before_it_formed()
      throws IOException, InterruptedException, ExecutionException, BackendFailure {
    Path path = directory.resolve("root");
    start(path, 0, 2);
    awaitRecord(path, 0);
    kill(0);
    assertEquals(2, Ranks.entries(directory).size());

    Ranks.close(Ranks.formed(2, path), path);
  }
}

package comm.backend.hccl.rendezvous;

import static comm.backend.hccl.rendezvous.Ranks.LONG;
import static comm.backend.hccl.rendezvous.Ranks.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.hccl.rendezvous.Ranks.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RunTest {

  private static final byte[] NOTHING = {};
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Failure BROKEN =
      new Failure.NativeCall("HcclBarrier", 4, "HCCL_E_INTERNAL", "no words", "no advice");

  @TempDir private Path directory;
  private Path path = Path.of("");

  @BeforeEach
  void choosePath() {
    path = directory.resolve("root");
  }

  private static byte[] brought(long step, int rank) {
    return new byte[] {(byte) step, (byte) rank};
  }

  private static Outcome<List<byte[]>> step(Run run, int rank) throws Exception {
    return Ranks.start(rank, me -> run.begin(Operation.BARRIER, NOTHING).awaitAll(within(LONG)))
        .get();
  }

  /** Arrives at the next step, and waits for the others on a thread. */
  private static FutureTask<Outcome<List<byte[]>>> arrive(Run run, int rank, Wait wait)
      throws BackendFailure {
    Step step = run.begin(Operation.BARRIER, NOTHING);
    return Ranks.start(rank, me -> step.awaitAll(wait));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void all_ranks_get_the_same_root_info_and_leave_nothing(int size)
      throws IOException, InterruptedException, ExecutionException {
    List<Run> runs = Ranks.formed(size, path);

    for (Run run : runs) {
      assertArrayEquals(Ranks.ROOT, run.rootInfo());
      assertTrue(run.onOneHost());
      assertEquals(size, run.peers().size());
      assertTrue(
          run.peers().stream().allMatch(peer -> peer.state() == RankStatus.State.ALIVE),
          () -> run.peers().toString());
    }
    Ranks.close(runs, path);
  }

  @Test
  void each_step_gives_every_rank_what_all_of_them_brought()
      throws IOException, InterruptedException, ExecutionException {
    int size = 3;
    List<Run> runs = Ranks.formed(size, path);

    List<Outcome<List<List<byte[]>>>> outcomes =
        Ranks.all(
            size,
            rank -> {
              List<List<byte[]>> got = new ArrayList<>();
              for (int step = 1; step <= 50; step++) {
                Step now = runs.get(rank).begin(Operation.ALLOCATE_WINDOWS, brought(step, rank));
                got.add(now.awaitAll(within(LONG)));
              }
              return got;
            });

    for (Outcome<List<List<byte[]>>> outcome : outcomes) {
      List<List<byte[]>> got = outcome.value().orElseThrow();
      for (int step = 1; step <= 50; step++) {
        for (int rank = 0; rank < size; rank++) {
          assertArrayEquals(brought(step, rank), got.get(step - 1).get(rank));
        }
      }
    }
    // Files of steps that all have passed must not pile up.
    List<Path> run = Ranks.entries(directory);
    assertEquals(1, run.size(), run::toString);
    List<Path> files = Ranks.entries(run.get(0));
    assertTrue(files.size() <= 1 + 4 * size, files::toString);
    Ranks.close(runs, path);
  }

  @Test
  void a_step_in_which_one_rank_fails_is_broken_for_all()
      throws IOException, InterruptedException, ExecutionException {
    List<Run> runs = Ranks.formed(3, path);

    List<Outcome<List<byte[]>>> outcomes =
        Ranks.all(
            3,
            rank -> {
              Step step = runs.get(rank).begin(Operation.BARRIER, NOTHING);
              if (rank == 1) {
                throw step.fail(BROKEN, within(LONG));
              }
              while (true) {
                step.check(within(LONG));
                Thread.onSpinWait();
              }
            });

    for (int rank = 0; rank < 3; rank++) {
      assertEquals(BROKEN, outcomes.get(rank).failure());
      assertEquals(
          rank == 1 ? OptionalInt.empty() : OptionalInt.of(1),
          outcomes.get(rank).thrown().orElseThrow().reportedBy());
    }
    Ranks.close(runs, path);
  }

  @Test
  void a_run_that_is_broken_between_steps_has_no_next_one() throws Exception {
    List<Run> runs = Ranks.formed(2, path);

    assertEquals(BROKEN, runs.get(1).breakRun(BROKEN, Duration.ZERO).failure());

    BackendFailure told = step(runs.get(0), 0).thrown().orElseThrow();
    assertEquals(BROKEN, told.failure());
    assertEquals(OptionalInt.of(1), told.reportedBy());
    BackendFailure waiting =
        assertThrows(BackendFailure.class, () -> runs.get(0).checkWaiting(within(LONG)));
    assertEquals(BROKEN, waiting.failure());
    Ranks.close(runs, path);
  }

  @Test
  void a_rank_that_leaves_ends_the_steps_of_the_others() throws Exception {
    List<Run> runs = Ranks.formed(3, path);
    FutureTask<Outcome<List<byte[]>>> first = arrive(runs.get(0), 0, within(LONG));
    FutureTask<Outcome<List<byte[]>>> second = arrive(runs.get(1), 1, within(LONG));

    runs.get(2).leave();

    for (FutureTask<Outcome<List<byte[]>>> task : List.of(first, second)) {
      Failure.PeerFailed why = assertInstanceOf(Failure.PeerFailed.class, task.get().failure());
      assertEquals(2, why.peer().rank());
      assertEquals(RankStatus.State.LEFT, why.peer().state());
    }
    runs.get(2).leave();
    Ranks.close(runs, path);
  }

  @Test
  void a_rank_that_waits_outside_of_steps_learns_that_all_others_left() throws Exception {
    List<Run> runs = Ranks.formed(2, path);
    runs.get(1).close();

    BackendFailure e =
        assertThrows(BackendFailure.class, () -> runs.get(0).checkWaiting(within(LONG)));

    Failure.PeerFailed why = assertInstanceOf(Failure.PeerFailed.class, e.failure());
    assertEquals(RankStatus.State.LEFT, why.peer().state());
    Ranks.close(runs, path);
  }

  @Test
  void a_cancelled_rank_is_told_so_and_the_others_that_it_left() throws Exception {
    List<Run> runs = Ranks.formed(3, path);
    AtomicBoolean cancelled = new AtomicBoolean();
    FutureTask<Outcome<List<byte[]>>> mine = arrive(runs.get(0), 0, within(LONG, cancelled::get));
    FutureTask<Outcome<List<byte[]>>> theirs = arrive(runs.get(1), 1, within(LONG));

    cancelled.set(true);

    assertEquals(new Failure.Cancelled(), mine.get().failure());
    Failure.PeerFailed why = assertInstanceOf(Failure.PeerFailed.class, theirs.get().failure());
    assertEquals(0, why.peer().rank());
    assertEquals(RankStatus.State.LEFT, why.peer().state());
    assertEquals(OptionalInt.of(0), theirs.get().thrown().orElseThrow().reportedBy());
    Ranks.close(runs, path);
  }

  @Test
  void an_interrupt_is_kept_and_told_and_costs_no_lock() throws Exception {
    List<Run> runs = Ranks.formed(2, path);
    AtomicBoolean kept = new AtomicBoolean();
    FutureTask<Outcome<List<byte[]>>> mine =
        Ranks.start(
            0,
            me -> {
              Step step = runs.get(0).begin(Operation.BARRIER, NOTHING);
              Thread.currentThread().interrupt();
              try {
                return step.awaitAll(within(LONG));
              } finally {
                kept.set(Thread.interrupted());
              }
            });

    assertEquals(new Failure.Interrupted(), mine.get().failure());
    assertTrue(kept.get());
    BackendFailure told = step(runs.get(1), 1).thrown().orElseThrow();
    assertEquals(new Failure.Interrupted(), told.failure());
    assertEquals(OptionalInt.of(0), told.reportedBy());
    assertEquals(RankStatus.State.ALIVE, runs.get(1).peers().get(0).state());
    // Ranks of one process do not ask the kernel about each other; a process of its own does.
    Path run = Ranks.entries(directory).get(0);
    assertTrue(RankMain.isAlive(run, 0));
    assertTrue(RankMain.isAlive(run, 1));
    Ranks.close(runs, path);
  }

  @Test
  void an_interrupt_while_joining_is_kept_and_ends_the_joining_of_all() throws Exception {
    FutureTask<Outcome<Run>> other = Ranks.start(1, me -> Ranks.join(Ranks.self(1, 2), path));
    AtomicBoolean kept = new AtomicBoolean();
    FutureTask<Outcome<Run>> mine =
        Ranks.start(
            0,
            me -> {
              try {
                return Run.join(
                    Ranks.self(0, 2),
                    path,
                    () -> {
                      Thread.currentThread().interrupt();
                      return Ranks.ROOT;
                    },
                    within(LONG));
              } finally {
                kept.set(Thread.interrupted());
              }
            });

    assertEquals(new Failure.Interrupted(), mine.get().failure());
    assertTrue(kept.get());
    // The other one may have been there already, or still wait for a rank 0 to come.
    if (!other.isDone()) {
      List<Outcome<Run>> again = new ArrayList<>();
      again.add(Ranks.start(0, me -> Ranks.join(Ranks.self(0, 2), path, SHORT)).get());
      again.add(other.get());
      again.forEach(outcome -> outcome.value().ifPresent(Run::close));
    }
    Ranks.assertNothingLeft(path);
  }

  @Test
  void windows_are_released_in_any_order() throws Exception {
    List<Run> runs = Ranks.formed(2, path);
    Run mine = runs.get(0);
    Run other = runs.get(1);

    for (long windows = 199; windows > 0; windows--) {
      mine.release(windows);
      // Only 64 of them can be noted ahead of the first that is in use.
      assertEquals(windows < Long.SIZE, other.hasReleased(windows, 0));
    }
    assertFalse(other.hasReleased(0, 0));
    assertFalse(other.hasReleased(100, 0));
    mine.release(0);
    for (long windows = 0; windows < 200; windows++) {
      assertTrue(other.hasReleased(windows, 0));
      assertFalse(other.hasReleased(windows, 1));
    }
    assertFalse(other.hasReleased(200, 0));
    mine.release(201);
    assertFalse(other.hasReleased(200, 0));
    assertTrue(other.hasReleased(201, 0));

    mine.leave();

    // Who has left may still be letting go.
    assertFalse(other.hasReleased(200, 0));
    mine.releaseAll();
    assertTrue(other.hasReleased(200, 0));
    mine.release(300);
    Ranks.close(runs, path);
  }

  @Test
  void releasing_twice_releases_nothing_else() throws Exception {
    List<Run> runs = Ranks.formed(2, path);

    runs.get(0).release(0);
    runs.get(0).release(0);
    runs.get(0).release(0);

    assertTrue(runs.get(1).hasReleased(0, 0));
    for (long windows = 1; windows < 200; windows++) {
      assertFalse(runs.get(1).hasReleased(windows, 0));
    }
    Ranks.close(runs, path);
  }

  @Test
  void long_identities_of_one_host_are_the_same() throws Exception {
    String host = "\u00e4\u20ac".repeat(100);
    List<Run> runs =
        Ranks.<Run>all(2, rank -> Ranks.join(Ranks.self(rank, 2, host), path)).stream()
            .map(outcome -> outcome.value().orElseThrow())
            .toList();

    assertTrue(runs.get(0).onOneHost());
    Ranks.close(runs, path);
  }

  @Test
  void the_last_operation_is_seen_by_the_others() throws Exception {
    List<Run> runs = Ranks.formed(2, path);

    runs.get(0).record(Operation.AWAIT);

    assertEquals("await", runs.get(1).peers().get(0).lastOperation());
    Ranks.close(runs, path);
  }

  @Test
  void two_runs_of_one_process_at_one_path_leave_each_others_locks_alone() throws Exception {
    // The same place by two names: locks of files that this process opens again are lost.
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    List<Run> first = Ranks.formed(2, link.resolve("root"));
    Path run = Ranks.entries(real).get(0);

    List<Run> second = Ranks.formed(2, real.resolve("root"));

    assertTrue(RankMain.isAlive(run, 0));
    assertTrue(RankMain.isAlive(run, 1));
    second.forEach(Run::close);
    Ranks.close(first, real.resolve("root"));
  }
}

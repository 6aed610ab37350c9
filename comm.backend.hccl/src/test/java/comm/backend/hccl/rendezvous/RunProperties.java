package comm.backend.hccl.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import comm.api.spi.Failure;
import comm.backend.hccl.rendezvous.Ranks.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RunProperties {

  private static final int RANKS = 3;

  private static void delay(int micros) {
    long end = System.nanoTime() + micros * 1000L;
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static Path newPath() throws IOException {
    return Files.createTempDirectory("run").resolve("root");
  }

  /** All held, or all were told of the same failure. Says which. */
  private static <T> boolean agree(List<Outcome<T>> outcomes) {
    boolean held = outcomes.get(0).value().isPresent();
    for (Outcome<T> outcome : outcomes) {
      assertEquals(held, outcome.value().isPresent(), outcomes::toString);
      if (!held) {
        assertInstanceOf(Failure.TimedOut.class, outcome.failure());
        assertEquals(outcomes.get(0).failure(), outcome.failure());
      }
    }
    return held;
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void a_late_rank_and_a_timeout_give_one_verdict_on_all_ranks(
      @ForAll @Size(RANKS) List<@IntRange(max = 6000) Integer> delays,
      @ForAll @IntRange(max = RANKS - 1) int impatient,
      @ForAll @IntRange(min = 1, max = 6000) int limit)
      throws IOException, InterruptedException, ExecutionException {
    Path path = newPath();
    List<Run> runs = Ranks.formed(RANKS, path);

    List<Outcome<List<byte[]>>> outcomes =
        Ranks.all(
            RANKS,
            rank -> {
              delay(delays.get(rank));
              Step step = runs.get(rank).begin(Operation.BARRIER, new byte[] {(byte) rank});
              Duration mine = rank == impatient ? Duration.ofNanos(limit * 1000L) : Ranks.LONG;
              return step.awaitAll(Ranks.within(mine));
            });

    agree(outcomes);
    Ranks.close(runs, path);
    Files.delete(path.getParent());
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void a_late_rank_and_a_timeout_of_rank_0_let_all_join_or_none(
      @ForAll @IntRange(max = 2000) int late, @ForAll @IntRange(min = 1, max = 2000) int limit)
      throws IOException, InterruptedException, ExecutionException {
    Path path = newPath();

    List<Outcome<Run>> outcomes =
        Ranks.all(
            2,
            rank -> {
              if (rank == 1) {
                delay(late);
              }
              // Rank 1 may find nothing any more, then it waits for another rank 0 in vain.
              Duration mine = rank == 0 ? Duration.ofNanos(limit * 1000L) : Duration.ofMillis(100);
              return Ranks.join(Ranks.self(rank, 2), path, mine);
            });

    assertEquals(outcomes.get(0).value().isPresent(), outcomes.get(1).value().isPresent());
    outcomes.forEach(outcome -> outcome.value().ifPresent(Run::close));
    outcomes.forEach(
        outcome ->
            outcome.thrown().ifPresent(e -> assertInstanceOf(Failure.TimedOut.class, e.failure())));
    Ranks.assertNothingLeft(path);
    Files.delete(path.getParent());
  }
}

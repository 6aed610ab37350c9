package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Comparison;
import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.List;

/** What ranks do to find with what await() returns, and what is left when it doesn't. */
final class Awaiting {

  private static final Duration SHORT = TimeScale.scaled(Duration.ofMillis(100));

  /** The words of a test, each in a cache line of its own, behind the flags. */
  private static final long WORDS = 1024;

  /** One wait: values of which only the last satisfies the comparison. */
  private record Wait(Comparison comparison, long operand, List<Long> values) {
    private long satisfying() {
      return values.get(values.size() - 1);
    }
  }

  private static final List<Wait> WAITS =
      List.of(
          new Wait(Comparison.EQ, 10, List.of(3L, 11L, 10L + (1L << 32), 10L)),
          new Wait(Comparison.NE, 10, List.of(10L, 10L, 10L + (1L << 32))),
          new Wait(Comparison.GT, 10, List.of(10L, -11L, 11L)),
          new Wait(Comparison.GT, -5, List.of(Long.MIN_VALUE, -5L, -4L)),
          new Wait(Comparison.GE, 10, List.of(9L, Long.MIN_VALUE, 10L)),
          new Wait(Comparison.GE, -5, List.of(-6L, Long.MAX_VALUE)),
          new Wait(Comparison.LT, 10, List.of(10L, Long.MAX_VALUE, 9L)),
          new Wait(Comparison.LT, -5, List.of(-5L, 1L, Long.MIN_VALUE)),
          new Wait(Comparison.LE, 10, List.of(11L, Long.MAX_VALUE, 10L)),
          new Wait(Comparison.LE, -5, List.of(-4L, -6L)));

  private Awaiting() {}

  /** Rank 0 goes through the values while rank 1 waits, for words of either window. */
  static void everyComparison(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 4096)) {
      for (int i = 0; i < 2 * WAITS.size(); i++) {
        Wait wait = WAITS.get(i / 2);
        int owner = i % 2;
        long word = WORDS + 64L * i;
        if (rank.rank() == 0) {
          windows.set(owner, word, wait.values.get(0));
        }
        joined.barrier();
        if (rank.rank() == 0) {
          windows.await(0, 0, Comparison.EQ, i + 1);
          for (long value : wait.values) {
            MessagePassing.spin(20_000);
            windows.set(owner, word, value);
          }
        } else {
          windows.set(0, 0, i + 1);
          String when = "by await(" + wait.comparison + " " + wait.operand + ")";
          long found = windows.await(owner, word, wait.comparison, wait.operand);
          windows.expectLong(owner, word, wait.satisfying(), found, when);
          long again = windows.await(owner, word, wait.comparison, wait.operand);
          windows.expectLong(owner, word, wait.satisfying(), again, when + " once more");
        }
      }
      joined.barrier();
    }
  }

  /** Rank 0 counts; rank 1 waits for more than it has seen. */
  static void aChangingWord(TestRank rank) throws BackendFailure {
    int end = 2_000;
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 4096)) {
      joined.barrier();
      if (rank.rank() == 0) {
        for (int value = 1; value <= end; value++) {
          windows.set(1, WORDS, value);
        }
      } else {
        long seen = 0;
        while (seen < end) {
          long next = windows.await(1, WORDS, Comparison.GT, seen);
          if (next <= seen || next > end) {
            throw windows.wrong(
                1,
                WORDS,
                "more than " + seen + " and at most " + end,
                Long.toString(next),
                "by await(> " + seen + ")");
          }
          seen = next;
        }
      }
      joined.barrier();
    }
  }

  /** Rank 0 waits for nothing, meanwhile rank 1 waits for rank 0; then all go on. */
  static void runsOutOfTime(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 4096)) {
      joined.barrier();
      if (rank.rank() == 0) {
        long start = System.nanoTime();
        Failure.TimedOut failure =
            Joined.fails(
                Failure.TimedOut.class,
                rank + ": an await() for a signal that nobody sends",
                () -> windows.windows().await(0, WORDS, Comparison.EQ, 1, Joined.limit(SHORT)));
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(
            waited.compareTo(SHORT) >= 0,
            () -> rank + ": an await() with a limit of " + SHORT + " failed after " + waited);
        assertEquals(
            List.of(),
            failure.missing().stream().map(RankStatus::rank).toList(),
            rank + ": the missing ranks of an await()");
        windows.set(1, WORDS, 7);
        rank.post("timed out", "");
      } else if (rank.rank() == 1) {
        long found = windows.await(1, WORDS, Comparison.NE, 0);
        windows.expectLong(1, WORDS, 7, found, "by await(!= 0), while that of rank 0 timed out");
      } else {
        rank.await("timed out");
      }
      joined.barrier();
      windows.set((rank.rank() + 1) % rank.size(), WORDS + 64, 1);
      windows.await(rank.rank(), WORDS + 64, Comparison.EQ, 1);
      joined.barrier();
    }
  }
}

package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Comparison;
import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.List;

/** What ranks do to find how allocations begin, fail and end. */
final class AllocationCases {

  private static final Duration SHORT = TimeScale.scaled(Duration.ofMillis(300));
  private static final int PAGE = 4096;

  private AllocationCases() {}

  static void differentSizes(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank)) {
      Failure.Mismatch mismatch =
          Joined.fails(
              Failure.Mismatch.class,
              rank + ": an allocation with different sizes",
              () -> joined.allocate(asked(rank.rank())));
      assertNotEquals(
          asked(mismatch.rank()),
          asked(mismatch.otherRank()),
          rank + ": the ranks that don't fit in " + mismatch);
      assertTrue(
          mismatch.value().contains(Long.toString(asked(mismatch.rank())))
              && mismatch.otherValue().contains(Long.toString(asked(mismatch.otherRank()))),
          rank + ": rank 2 asked for 8192 bytes, the others for 4096, but got " + mismatch);
      rank.meet("all have failed");
    }
  }

  static void tooLarge(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank)) {
      long bytes = Long.MAX_VALUE / rank.size() / 2;
      Failure failure =
          Joined.fails(
              Failure.class,
              rank + ": an allocation of " + bytes + " bytes",
              () -> joined.allocate(bytes));
      assertTrue(
          !(failure instanceof Failure.TimedOut)
              && !(failure instanceof Failure.PeerFailed)
              && !(failure instanceof Failure.Mismatch),
          rank + ": no rank is missing, but an allocation of " + bytes + ": " + failure);
      rank.meet("all have failed");
      assertEquals(
          List.of("0 alive", "1 alive", "2 alive"),
          states(joined.session().peers()),
          rank + ": peers() after an allocation of " + bytes + " bytes failed");
      rank.meet("all have looked");
    }
  }

  static void oneCloses(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, PAGE)) {
      windows.put(rank.rank(), 0, Allocated.pattern(rank.rank(), 1024));
      joined.barrier();
      if (rank.rank() == 0) {
        windows.closeEarly();
        rank.post("closed", "");
      } else {
        rank.await("closed");
        useWithoutRank0(rank, windows);
      }
      joined.barrier();
    }
  }

  static void oneIsMissing(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank)) {
      if (rank.rank() == 1) {
        rank.await("failed 0");
        rank.await("failed 2");
      } else {
        Failure.TimedOut failure =
            Joined.fails(
                Failure.TimedOut.class,
                rank + ": an allocation without rank 1",
                () -> joined.session().allocateWindows(PAGE, Joined.limit(SHORT)));
        rank.post("failed " + rank.rank(), "");
        assertEquals(
            List.of("1 alive"),
            states(failure.missing()),
            rank + ": the missing ranks of an allocation without rank 1");
      }
    }
  }

  static void sideBySide(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated first = Allocated.of(rank, joined, PAGE);
        Allocated second = Allocated.of(rank, joined, 3 * PAGE + 5);
        Allocated third = Allocated.of(rank, joined, 2 * PAGE)) {
      fill(rank, first, 100);
      fill(rank, second, 200);
      fill(rank, third, 300);
      joined.barrier();
      second.closeEarly();
      check(rank, first, 100, "after the second allocation was closed");
      check(rank, third, 300, "after the second allocation was closed");
      try (Allocated fourth = Allocated.of(rank, joined, 3 * PAGE + 5)) {
        for (int owner = 0; owner < rank.size(); owner++) {
          fourth.expectZero(owner, 0, PAGE, "new in the fourth allocation");
        }
        joined.barrier();
        fill(rank, fourth, 400);
        joined.barrier();
        (rank.rank() == 0 ? first : third).closeEarly();
        check(rank, rank.rank() == 0 ? third : first, rank.rank() == 0 ? 300 : 100, "alone");
        check(rank, fourth, 400, "after others were closed");
        fourth.set((rank.rank() + 1) % rank.size(), PAGE + 8, rank.rank() + 1);
        fourth.await(rank.rank(), PAGE + 8, Comparison.NE, 0);
        joined.barrier();
      }
    }
  }

  private static long asked(int rank) {
    return rank == 2 ? 8192 : 4096;
  }

  private static List<String> states(List<RankStatus> ranks) {
    return ranks.stream().map(one -> one.rank() + " " + one.state()).toList();
  }

  private static void useWithoutRank0(TestRank rank, Allocated windows) throws BackendFailure {
    String when = "after rank 0 closed its windows";
    int other = 3 - rank.rank();
    for (int owner = 0; owner < rank.size(); owner++) {
      windows.expect(owner, 0, Allocated.pattern(owner, 1024), when);
      windows.of(owner).putLong(2048 + 8L * rank.rank(), 100L * owner + rank.rank());
    }
    windows.set(0, 3072 + 8L * rank.rank(), 1);
    windows.await(0, 3072 + 8L * other, Comparison.EQ, 1);
    for (int owner = 0; owner < rank.size(); owner++) {
      windows.expectLong(owner, 2048 + 8L * other, 100L * owner + other, when);
    }
  }

  private static void fill(TestRank rank, Allocated windows, long seed) {
    windows.put(rank.rank(), 0, Allocated.pattern(seed + rank.rank(), PAGE));
  }

  private static void check(TestRank rank, Allocated windows, long seed, String when) {
    for (int owner = 0; owner < rank.size(); owner++) {
      windows.expect(owner, 0, Allocated.pattern(seed + owner, PAGE), seed + ": " + when);
    }
  }
}

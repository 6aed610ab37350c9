package comm.testkit.conformance;

import comm.api.Comparison;
import comm.api.spi.BackendFailure;
import comm.api.spi.WindowMemory;
import comm.testkit.TestRank;

/** What ranks do to find whether anything is lost of what they do to one word at the same time. */
final class Counting {

  private static final int TIMES = 2_000;

  private Counting() {}

  /** All ranks add to the same words, of every window, with additions and with compare-and-sets. */
  static void additionsAndCompareAndSets(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 4096)) {
      joined.barrier();
      long sumBefore = 0;
      for (int i = 0; i < TIMES; i++) {
        WindowMemory memory = windows.of(i % rank.size());
        sumBefore += memory.getAndAddLong(0, 1);
        memory.getAndAddInt(64, -1);
        long seen = memory.getLongAcquire(128);
        while (!memory.compareAndSetLong(128, seen, seen + 3)) {
          seen = memory.getLongAcquire(128);
        }
        int small = memory.getIntAcquire(192);
        while (!memory.compareAndSetInt(192, small, small + 5)) {
          small = memory.getIntAcquire(192);
        }
      }
      // Each value was there before exactly one addition, so the sum of all is known.
      windows.of(0).getAndAddLong(256, sumBefore);
      joined.barrier();
      for (int owner = 0; owner < rank.size(); owner++) {
        WindowMemory memory = windows.of(owner);
        String all = "after " + rank.size() + " ranks did " + TIMES / rank.size() + " times ";
        windows.expectLong(owner, 0, TIMES, all + "getAndAddLong(1)");
        windows.expectLong(owner, 64, -TIMES, memory.getInt(64), all + "getAndAddInt(-1)");
        windows.expectLong(owner, 128, 3L * TIMES, all + "compareAndSetLong(+3)");
        windows.expectLong(
            owner, 192, 5L * TIMES, memory.getInt(192), all + "compareAndSetInt(+5)");
      }
      windows.expectLong(
          0,
          256,
          rank.size() * (TIMES * (TIMES - 1L) / 2),
          "the sum of all values that getAndAddLong() returned");
      joined.barrier();
    }
  }

  /** All ranks exchange numbers that are there once; none may vanish or be there twice. */
  static void exchanges(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 4096)) {
      joined.barrier();
      WindowMemory memory = windows.of(1);
      long taken = 0;
      long takenSmall = 0;
      for (int i = 1; i <= TIMES; i++) {
        int token = i * rank.size() + rank.rank();
        taken += memory.getAndSetLong(0, token);
        takenSmall += memory.getAndSetInt(64, token);
      }
      memory.getAndAddLong(128, taken);
      memory.getAndAddLong(192, takenSmall);
      joined.barrier();
      long sum = 0;
      for (int token = rank.size(); token < (TIMES + 1) * rank.size(); token++) {
        sum += token;
      }
      windows.expectLong(
          1, 128, sum - memory.getLong(0), "the sum of what getAndSetLong() returned");
      windows.expectLong(
          1, 192, sum - memory.getInt(64), "the sum of what getAndSetInt() returned");
      joined.barrier();
    }
  }

  /** All ranks add by signals to words of two windows, up and down, while the owners wait. */
  static void signals(TestRank rank) throws BackendFailure {
    int times = 500;
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 4096)) {
      joined.barrier();
      for (int i = 0; i < times; i++) {
        windows.add(i % 2, 64, 3);
        windows.add(i % 2, 64, -2);
        windows.add(i % 2, 128, 1);
      }
      long all = (long) times / 2 * rank.size();
      if (rank.rank() < 2) {
        long seen = windows.await(rank.rank(), 128, Comparison.GE, all);
        windows.expectLong(rank.rank(), 128, all, seen, "when await() returned");
      }
      joined.barrier();
      for (int owner = 0; owner < 2; owner++) {
        windows.expectLong(owner, 64, all, "after every rank added 3 and -2 as often");
        windows.expectLong(owner, 128, all, "after every rank added 1");
      }
      joined.barrier();
      windows.set(rank.rank(), 256, Long.MAX_VALUE);
      windows.add(rank.rank(), 256, 2);
      windows.expectLong(rank.rank(), 256, Long.MIN_VALUE + 1, "the sum wraps");
    }
  }
}

package comm.testkit.conformance;

import comm.api.Comparison;
import comm.api.spi.BackendFailure;
import comm.api.spi.WindowMemory;
import comm.testkit.TestRank;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.opentest4j.AssertionFailedError;

/**
 * Messages of many words in all windows, and the ways to tell another rank that they are there.
 * Every message differs in every word from the one before.
 */
final class MessagePassing {

  private static final int ROUNDS = 200;
  private static final int PAGES = 4;
  private static final int WORDS = 12;
  private static final int WINDOW = (PAGES + 1) * 4096;

  /** Behind all messages. */
  private static final long FLAGS = PAGES * 4096L;

  private MessagePassing() {}

  /** Goes over all pages, never twice in one cache line. */
  private static long offset(int writer, int word) {
    return word % PAGES * 4096L + 1024L * writer + 64L * (word / PAGES) + 8L * (word % 8);
  }

  private static long value(int writer, int word, long round) {
    return round * 1000 + writer * 100L + word;
  }

  /** Writes the message of a round, word by word and the last words as bytes. */
  static void write(Allocated windows, int owner, int writer, long round) {
    WindowMemory memory = windows.of(owner);
    for (int word = 0; word < WORDS; word++) {
      long value = value(writer, word, round);
      switch (word % 3) {
        case 0 -> memory.putLong(offset(writer, word), value);
        case 1 -> memory.put(offset(writer, word), new long[] {value}, 0, 1);
        default -> {
          memory.putInt(offset(writer, word), (int) value);
          memory.putInt(offset(writer, word) + 4, (int) (value >>> 32));
        }
      }
    }
  }

  /** Fails unless the message of a round is there. */
  static void expect(Allocated windows, int owner, int writer, long round, String when) {
    for (int word = 0; word < WORDS; word++) {
      windows.expectLong(
          owner,
          offset(writer, word),
          value(writer, word, round),
          when + ", written by rank " + writer);
    }
  }

  private static void writeAll(TestRank rank, Allocated windows, long round) {
    for (int owner = 0; owner < rank.size(); owner++) {
      write(windows, owner, rank.rank(), round);
    }
  }

  private static void expectAll(
      TestRank rank, Allocated windows, int writer, long round, String when) {
    for (int owner = 0; owner < rank.size(); owner++) {
      expect(windows, owner, writer, round, when + ", round " + round);
    }
  }

  /** Rank 0 writes to all windows and signals all others, who answer by a signal. */
  static void bySignal(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, WINDOW)) {
      joined.barrier();
      for (int round = 1; round <= ROUNDS; round++) {
        if (rank.rank() == 0) {
          writeAll(rank, windows, round);
          for (int other = 1; other < rank.size(); other++) {
            windows.set(other, FLAGS, round);
          }
          for (int other = 1; other < rank.size(); other++) {
            windows.await(0, FLAGS + 8L * other, Comparison.EQ, round);
          }
        } else {
          windows.await(rank.rank(), FLAGS, Comparison.EQ, round);
          expectAll(rank, windows, 0, round, "after await()");
          windows.set(0, FLAGS + 8L * rank.rank(), round);
        }
      }
      joined.barrier();
    }
  }

  /** Each rank writes and signals the next; the last sees what all before it wrote. */
  static void byChain(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, WINDOW)) {
      joined.barrier();
      int own = rank.rank();
      int last = rank.size() - 1;
      for (int round = 1; round <= ROUNDS; round++) {
        if (own > 0) {
          windows.await(own, FLAGS, Comparison.EQ, round);
        }
        writeAll(rank, windows, round);
        if (own == last) {
          for (int writer = 0; writer <= last; writer++) {
            expectAll(rank, windows, writer, round, "at the end of the chain");
          }
        }
        windows.set((own + 1) % rank.size(), FLAGS, round);
        if (own == 0) {
          windows.await(0, FLAGS, Comparison.EQ, round);
        }
      }
      joined.barrier();
    }
  }

  /** Rank 0 writes and releases a word, rank 1 acquires it, reads, and releases its answer. */
  static void byRelease(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, WINDOW)) {
      joined.barrier();
      for (int round = 1; round <= ROUNDS; round++) {
        int now = round;
        int owner = round % 2;
        WindowMemory flags = windows.of(owner);
        if (rank.rank() == 0) {
          writeAll(rank, windows, round);
          if (round % 4 < 2) {
            flags.putLongRelease(FLAGS, round);
          } else {
            flags.putIntRelease(FLAGS + 16, round);
          }
          until(
              rank + ": the answer of round " + now, () -> flags.getLongAcquire(FLAGS + 8) == now);
        } else {
          until(
              rank + ": the release of round " + now,
              () ->
                  now % 4 < 2
                      ? flags.getLongAcquire(FLAGS) == now
                      : flags.getIntAcquire(FLAGS + 16) == now);
          expectAll(rank, windows, 0, round, "after an acquire");
          flags.putLongRelease(FLAGS + 8, round);
        }
      }
      joined.barrier();
    }
  }

  /** Waits without the backend's help until a word is as it must become. */
  private static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    for (int spins = 0; !condition.getAsBoolean(); spins++) {
      if (spins < 200) {
        Thread.onSpinWait();
        continue;
      }
      if (System.nanoTime() - start > Joined.LONG.toNanos()) {
        throw new AssertionFailedError(what + " was not seen within " + Joined.LONG);
      }
      LockSupport.parkNanos(1_000);
    }
  }

  /** Keeps the processor, so that a rank is late by less than it takes to sleep and wake. */
  static void spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }
}

package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.Window;
import comm.api.WindowSet;
import java.nio.ByteBuffer;

/**
 * Memory-model tests between two processes; args: rounds. Each checks that something forbidden
 * never shows: plain and view writes that a barrier or a signal should have carried, lost atomic
 * updates, torn words.
 */
public final class Litmus {

  private static final int BYTES = 64 * Long.BYTES;
  private static final int SIGNAL = 4096;
  private static final int COUNTER = 4160;
  private static final int WORD = 4224;

  private Litmus() {}

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(8192)) {
      messageByBarrier(communicator, windows, rounds);
      messageBySignal(communicator, windows, rounds);
      storesBeforeBarriers(communicator, windows, rounds);
      atomicSum(communicator, windows, rounds);
      noTornWords(communicator, windows, rounds);
    }
    System.out.println("allowed outcomes only");
  }

  /** Every write of every rank before a barrier is seen by every rank after it. */
  private static void messageByBarrier(Communicator communicator, WindowSet windows, int rounds) {
    Window own = windows.local();
    Window other = windows.of(1 - communicator.rank());
    ByteBuffer ownView = own.view(0, BYTES);
    for (int round = 1; round <= rounds; round++) {
      for (int at = 0; at < BYTES; at += 2 * Long.BYTES) {
        own.putLong(at, round);
        ownView.putLong(at + Long.BYTES, round);
      }
      communicator.barrier();
      for (int at = 0; at < BYTES; at += Long.BYTES) {
        check("message by barrier", round, other.getLong(at));
      }
      communicator.barrier();
    }
  }

  /** What was written before a signal is seen after it was awaited. */
  private static void messageBySignal(Communicator communicator, WindowSet windows, int rounds) {
    Window own = windows.local();
    Window other = windows.of(1 - communicator.rank());
    for (int round = 1; round <= rounds; round++) {
      if (communicator.rank() == 0) {
        for (int at = 0; at < BYTES; at += Long.BYTES) {
          other.putLong(at, -round);
        }
        other.signal(SIGNAL, round);
        own.await(SIGNAL, Comparison.EQ, round);
      } else {
        own.await(SIGNAL, Comparison.EQ, round);
        for (int at = 0; at < BYTES; at += Long.BYTES) {
          check("message by signal", -round, own.getLong(at));
        }
        other.signal(SIGNAL, round);
      }
    }
    communicator.barrier();
  }

  /** Store buffering across a barrier: both ranks write, meet, and must see each other's write. */
  private static void storesBeforeBarriers(
      Communicator communicator, WindowSet windows, int rounds) {
    Window shared = windows.of(0);
    int mine = communicator.rank() * 512;
    int theirs = (1 - communicator.rank()) * 512;
    for (int round = 1; round <= rounds; round++) {
      shared.putInt(mine, round);
      communicator.barrier();
      check("stores before barriers", round, shared.getInt(theirs));
      communicator.barrier();
    }
  }

  /** No update is lost. */
  private static void atomicSum(Communicator communicator, WindowSet windows, int rounds) {
    Window shared = windows.of(0);
    for (int round = 0; round < rounds; round++) {
      shared.getAndAddLong(COUNTER, 1);
      int seen = shared.getIntAcquire(COUNTER + 8);
      while (!shared.compareAndSetInt(COUNTER + 8, seen, seen + 1)) {
        seen = shared.getIntAcquire(COUNTER + 8);
      }
    }
    communicator.barrier();
    check("atomic sum", 2L * rounds, shared.getLong(COUNTER));
    check("compare and set", 2L * rounds, shared.getInt(COUNTER + 8));
    communicator.barrier();
  }

  /** A long that is written as a whole is read as a whole. */
  private static void noTornWords(Communicator communicator, WindowSet windows, int rounds) {
    Window shared = windows.of(0);
    for (int round = 0; round < rounds; round++) {
      if (communicator.rank() == 0) {
        shared.putLongRelease(WORD, (round & 1) == 0 ? -1 : 0);
      } else {
        long word = shared.getLongAcquire(WORD);
        check("whole words", word == 0 ? 0 : -1, word);
      }
    }
    communicator.barrier();
  }

  private static void check(String test, long expected, long found) {
    if (expected != found) {
      throw new AssertionError(test + ": expected " + expected + ", found " + found);
    }
  }
}

package comm.tests.ranktest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.Window;
import comm.api.WindowSet;

/** What the ranks of several tests do. */
final class Lessons {

  private Lessons() {}

  /** A token goes round: each rank adds its number and hands it to the next by a signal. */
  static void ring(Communicator communicator) {
    int rank = communicator.rank();
    int size = communicator.size();
    try (WindowSet windows = communicator.allocateWindows(16)) {
      Window own = windows.local();
      if (rank > 0) {
        long unused = own.await(8, Comparison.EQ, 1);
      }
      long token = rank + own.getLong(0);
      if (rank < size - 1) {
        windows.of(rank + 1).putLong(0, token);
        windows.of(rank + 1).signal(8, 1);
      } else {
        assertEquals(size * (size - 1L) / 2, token);
      }
      communicator.barrier();
    }
  }

  /** Every rank adds up what all ranks have brought. */
  static void allreduce(Communicator communicator) {
    int size = communicator.size();
    try (WindowSet windows = communicator.allocateWindows(8)) {
      windows.local().putLong(0, 10L + communicator.rank());
      communicator.barrier();
      long sum = 0;
      for (int rank = 0; rank < size; rank++) {
        sum += windows.of(rank).getLong(0);
      }
      assertEquals(10L * size + size * (size - 1L) / 2, sum);
      communicator.barrier();
    }
  }
}

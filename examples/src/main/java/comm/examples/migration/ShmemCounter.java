package comm.examples.migration;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.Window;
import comm.api.WindowSet;

/**
 * The ranks draw numbered tickets from one counter on rank 0 until there are none left, as with
 * {@code shmem_atomic_fetch_add}. Rank 0 waits for all, as with {@code shmem_wait_until}, and
 * checks that each ticket was drawn once.
 */
final class ShmemCounter {

  private static final int TICKETS = 1000;

  // @start region="layout"
  /** The next ticket. */
  private static final long COUNTER = 0;

  /** A signal word: how many ranks are done. */
  private static final long DONE = COUNTER + Long.BYTES;

  /** How often each ticket was drawn, an int each. */
  private static final long DRAWN = DONE + Long.BYTES;

  private static final long BYTES = DRAWN + (long) TICKETS * Integer.BYTES;

  // @end

  private ShmemCounter() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    // @start region="counter"
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(BYTES)) {
      communicator.barrier(); // shmem_malloc ends with one
      Window zero = windows.of(0);
      int mine = 0;
      long ticket = zero.getAndAddLong(COUNTER, 1); // shmem_atomic_fetch_add
      while (ticket < TICKETS) {
        zero.getAndAddInt(DRAWN + ticket * Integer.BYTES, 1); // shmem_atomic_inc
        mine++;
        ticket = zero.getAndAddLong(COUNTER, 1);
      }
      zero.signalAdd(DONE, 1); // shmem_fence, and shmem_atomic_inc of a word that is waited for
      if (communicator.rank() == 0) {
        zero.await(DONE, Comparison.GE, communicator.size()); // shmem_wait_until
        check(zero);
        System.out.printf("OK: each of %d tickets was drawn once%n", TICKETS);
      }
      communicator.barrier(); // shmem_free begins with one, close is none
      System.out.printf("rank %d of %d drew %d%n", communicator.rank(), communicator.size(), mine);
    }
    // @end
  }

  private static void check(Window zero) {
    for (int ticket = 0; ticket < TICKETS; ticket++) {
      int drawn = zero.getInt(DRAWN + (long) ticket * Integer.BYTES);
      if (drawn != 1) {
        throw new IllegalStateException("ticket " + ticket + " was drawn " + drawn + " times");
      }
    }
  }
}

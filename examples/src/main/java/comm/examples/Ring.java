package comm.examples;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.WindowSet;

/**
 * A token goes round the ranks, five laps, and each rank adds its number plus one to the sum it
 * carries. Nobody meets in a barrier on the way: a signal tells the next rank that the token is
 * there.
 */
final class Ring {

  private static final int LAPS = 5;

  /** Where a rank's window has the sum that arrives with the token. */
  private static final long SUM = 0;

  /** The signal word: the number of the lap whose token has arrived. */
  private static final long ARRIVED = 8;

  private Ring() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(16)) {
      int rank = communicator.rank();
      int size = communicator.size();
      int next = (rank + 1) % size;
      long sum = 0;

      for (int lap = 1; lap <= LAPS; lap++) {
        if (rank > 0) { // rank 0 has the token when a lap begins
          windows.local().await(ARRIVED, Comparison.GE, lap);
          sum = windows.local().getLong(SUM);
        }
        windows.of(next).putLong(SUM, sum + rank + 1);
        windows.of(next).signal(ARRIVED, lap); // what was put before is visible to who awaits this
        if (rank == 0) {
          windows.local().await(ARRIVED, Comparison.GE, lap);
          sum = windows.local().getLong(SUM);
        }
      }
      communicator.barrier();

      long expected = (long) LAPS * size * (size + 1) / 2;
      if (rank == 0) {
        if (sum != expected) {
          throw new IllegalStateException("the sum is " + sum + ", expected " + expected);
        }
        System.out.printf("OK: %d laps of %d ranks add up to %d%n", LAPS, size, sum);
      }
    }
  }
}

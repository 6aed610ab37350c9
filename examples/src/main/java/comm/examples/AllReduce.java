package comm.examples;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;

/**
 * Every rank has 256 numbers, and afterwards every rank has the sums over all ranks.
 *
 * <p>Each rank puts its numbers into its own window; after the barrier everybody reads everybody
 * else's window.
 */
final class AllReduce {

  private static final int COUNT = 256;

  private AllReduce() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows((long) COUNT * Float.BYTES)) {
      int rank = communicator.rank();
      int size = communicator.size();

      float[] input = new float[COUNT];
      for (int i = 0; i < COUNT; i++) {
        input[i] = i + 100 * rank;
      }
      windows.local().put(0, input);
      communicator.barrier(); // all inputs are there

      float[] sum = new float[COUNT];
      float[] other = new float[COUNT];
      for (int peer = 0; peer < size; peer++) { // in rank order: every rank rounds alike
        windows.of(peer).get(0, other);
        for (int i = 0; i < COUNT; i++) {
          sum[i] += other[i];
        }
      }
      communicator.barrier(); // all have read, so windows may be written again or closed

      for (int i = 0; i < COUNT; i++) {
        float expected = size * i + 100 * size * (size - 1) / 2;
        if (sum[i] != expected) {
          throw new IllegalStateException(
              "rank " + rank + ": element " + i + " is " + sum[i] + ", expected " + expected);
        }
      }
      System.out.printf(
          "OK: rank %d of %d has all %d sums right (%s)%n",
          rank, size, COUNT, communicator.backend());
    }
  }
}

package com.example.comm.app;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;

/** Every rank reads its right neighbour's window, and all add to a counter of rank 0. */
public final class RingSum {

  private RingSum() {}

  /**
   * One rank; rank, size, root info and backend come from the environment.
   *
   * @param args the backend's name, if COMM_BACKEND doesn't say it
   */
  public static void main(String[] args) {
    CommConfig config = CommConfig.fromEnvironment();
    if (args.length > 0) {
      config = config.withBackend(args[0]);
    }
    try (Communicator communicator = Communicator.open(config);
        WindowSet windows = communicator.allocateWindows(1 << 16)) {
      int rank = communicator.rank();
      int size = communicator.size();
      windows.local().putLong(0, 42 + rank);
      communicator.barrier();
      long right = windows.of((rank + 1) % size).getLong(0);
      windows.of(0).getAndAddLong(8, right);
      communicator.barrier();
      long sum = windows.of(0).getLong(8);
      communicator.barrier();
      if (sum != 42L * size + size * (size - 1L) / 2) {
        System.err.println("wrong sum " + sum);
        System.exit(1);
      }
      System.out.println(
          "rank " + rank + " of " + size + " on " + communicator.backend() + ": sum " + sum);
    }
  }
}

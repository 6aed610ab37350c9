package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Window;
import comm.api.WindowSet;
import java.util.List;

/**
 * Open, allocate, exchange, barrier, close, so many times; args: cycles. Every byte that is read is
 * checked, and so is that all ranks see every window at the same address.
 */
public final class Lifecycle {

  private static final int ADDRESSES = 1024;

  private Lifecycle() {}

  public static void main(String[] args) {
    int cycles = Integer.parseInt(args[0]);
    CommConfig config = CommConfig.fromEnvironment();
    for (int cycle = 0; cycle < cycles; cycle++) {
      try (Communicator communicator = Communicator.open(config);
          WindowSet windows = communicator.allocateWindows(8192)) {
        exchange(communicator, windows, cycle);
        sameAddresses(communicator, windows);
      }
    }
    System.out.println("done " + cycles);
  }

  private static void exchange(Communicator communicator, WindowSet windows, long cycle) {
    for (int offset = 0; offset < windows.size(); offset += Long.BYTES) {
      if (windows.local().getLong(offset) != 0) {
        throw new AssertionError("window not zero at " + offset + " in cycle " + cycle);
      }
    }
    // Nobody may write before everybody has seen the zeros.
    communicator.barrier();
    windows.local().putLong(0, value(communicator.rank(), cycle));
    communicator.barrier();
    for (int peer = 0; peer < communicator.size(); peer++) {
      long found = windows.of(peer).getLong(0);
      if (found != value(peer, cycle)) {
        throw new AssertionError("rank " + peer + " has " + found + " in cycle " + cycle);
      }
    }
    communicator.barrier();
  }

  private static long value(int rank, long cycle) {
    return 1_000_000L * (rank + 1) + cycle;
  }

  private static void sameAddresses(Communicator communicator, WindowSet windows) {
    List<Long> own = windows.context().windowsIn();
    Window local = windows.local();
    for (int rank = 0; rank < communicator.size(); rank++) {
      local.putLong(ADDRESSES + rank * Long.BYTES, own.get(rank));
    }
    communicator.barrier();
    for (int peer = 0; peer < communicator.size(); peer++) {
      for (int rank = 0; rank < communicator.size(); rank++) {
        if (windows.of(peer).getLong(ADDRESSES + rank * Long.BYTES) != own.get(rank)) {
          throw new AssertionError("rank " + peer + " sees window " + rank + " elsewhere");
        }
      }
    }
    communicator.barrier();
  }
}

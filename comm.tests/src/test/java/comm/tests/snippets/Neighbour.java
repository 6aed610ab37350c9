package comm.tests.snippets;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;

/** Each rank reads what its neighbour has put into its own window. */
public final class Neighbour {

  private Neighbour() {}

  public static void main(String[] args) {
    // @start region="neighbour"
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(1 << 20)) {
      windows.local().putLong(0, 42 + communicator.rank());
      communicator.barrier(); // all have put
      long peer = windows.of((communicator.rank() + 1) % communicator.size()).getLong(0);
      communicator.barrier(); // all have read, so windows may be written again or closed
      System.out.println("the neighbour has " + peer);
    }
    // @end
  }
}

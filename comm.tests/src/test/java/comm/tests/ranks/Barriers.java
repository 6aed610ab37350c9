package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.CommException;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.WindowSet;

/**
 * Meets in a few barriers, says so, and then waits in one more; args: the ranks that don't come to
 * it, separated by commas, but wait for a signal that nobody sends. What ends the wait is printed
 * with the time at which it did.
 */
public final class Barriers {

  private static final int MEETINGS = 10;

  private Barriers() {}

  public static void main(String[] args) {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(64)) {
      for (int i = 0; i < MEETINGS; i++) {
        communicator.barrier();
      }
      System.out.println("ready");
      try {
        if (("," + args[0] + ",").contains("," + communicator.rank() + ",")) {
          windows.local().await(0, Comparison.NE, 0);
        } else {
          communicator.barrier();
        }
        System.out.println("passed");
      } catch (CommException e) {
        System.out.println("failed at " + System.nanoTime());
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
  }
}

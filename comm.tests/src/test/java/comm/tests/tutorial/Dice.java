package comm.tests.tutorial;

// @start region="dice"
import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;
import java.util.Random;

/** Each rank throws two dice many times; then every rank knows how often each sum came. */
final class Dice {

  private static final int SUMS = 13; // 2 to 12 are used

  private Dice() {}

  public static void main(String[] args) {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment())) {
      long[] counts = histogram(communicator, 250_000);
      if (communicator.rank() == 0) {
        for (int sum = 2; sum < SUMS; sum++) {
          System.out.printf("%2d: %6d%n", sum, counts[sum]);
        }
      }
    }
  }

  static long[] histogram(Communicator communicator, int throwsOfEach) {
    long[] mine = new long[SUMS];
    Random random = new Random(communicator.rank());
    for (int i = 0; i < throwsOfEach; i++) {
      mine[2 + random.nextInt(6) + random.nextInt(6)]++;
    }
    try (WindowSet windows = communicator.allocateWindows((long) SUMS * Long.BYTES)) {
      windows.local().put(0, mine);
      communicator.barrier(); // all counts are there

      long[] all = new long[SUMS];
      long[] theirs = new long[SUMS];
      for (int peer = 0; peer < communicator.size(); peer++) {
        windows.of(peer).get(0, theirs);
        for (int sum = 2; sum < SUMS; sum++) {
          all[sum] += theirs[sum];
        }
      }
      communicator.barrier(); // all have read, so windows may be closed
      return all;
    }
  }
}
// @end

package comm.examples;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;

/**
 * The area under 4 / (1 + x²) from 0 to 1 is pi. Each rank takes every size-th strip of ten
 * million; rank 0 adds up what the others left in their windows.
 */
final class Pi {

  private static final int STRIPS = 10_000_000;
  private static final double TOLERANCE = 1e-10;

  private Pi() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(Double.BYTES)) {
      double width = 1.0 / STRIPS;
      double part = 0;
      for (int i = communicator.rank(); i < STRIPS; i += communicator.size()) {
        double x = (i + 0.5) * width;
        part += 4 / (1 + x * x) * width;
      }
      windows.local().putDouble(0, part);
      communicator.barrier(); // all parts are there

      if (communicator.rank() == 0) {
        double pi = 0;
        for (int peer = 0; peer < communicator.size(); peer++) {
          pi += windows.of(peer).getDouble(0);
        }
        double error = Math.abs(pi - Math.PI);
        if (error > TOLERANCE) {
          throw new IllegalStateException("pi is " + pi + ", wrong by " + error);
        }
        System.out.printf("OK: pi is %.12f, wrong by %.1e%n", pi, error);
      }
      communicator.barrier(); // rank 0 has read, so windows may be closed
    }
  }
}

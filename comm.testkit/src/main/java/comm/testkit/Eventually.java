package comm.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting in tests: for a condition, with a deadline, never for a time. */
public final class Eventually {

  private static final long PAUSE_NANOS = 1_000_000;

  private Eventually() {}

  /**
   * Waits until a condition holds. Looks about every millisecond.
   *
   * @param what the condition in words, for the error
   * @param deadline how long to wait at most
   * @param condition looked at in the calling thread
   * @throws AssertionError if it doesn't hold in time
   */
  public static void holds(String what, Duration deadline, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > deadline.toNanos()) {
        throw new AssertionError("not within " + deadline + ": " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}

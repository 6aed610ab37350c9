package comm.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How the worker waits for its chips: busy for a moment, then yielding, then asleep, for an eighth
 * of the time that it has waited. So a short task is noticed at once, and a long one costs nothing.
 */
final class Idle {

  private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long AWAKE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
  private static final long SHORTEST_SLEEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final long spinNanos;
  private long start;

  Idle(boolean spins) {
    this.spinNanos = spins ? SPIN_NANOS : 0;
  }

  void reset() {
    start = 0;
  }

  // That the chips get the processor is all that a yield is for here.
  @SuppressWarnings("ThreadPriorityCheck")
  void pause() {
    long now = System.nanoTime();
    if (start == 0) {
      start = now;
    }
    long waited = now - start;
    if (waited < spinNanos) {
      Thread.onSpinWait();
    } else if (waited < AWAKE_NANOS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(
          this, Math.min(LONGEST_SLEEP_NANOS, Math.max(SHORTEST_SLEEP_NANOS, waited / 8)));
    }
  }
}

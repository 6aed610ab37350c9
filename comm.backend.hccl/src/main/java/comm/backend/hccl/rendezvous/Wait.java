package comm.backend.hccl.rendezvous;

import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One call's wait: its clock, which runs from the start, its limit, and what ends it early. */
public final class Wait {

  private static final long FIRST_PAUSE = 20_000;
  private static final long LONGEST_PAUSE = 4_000_000;
  private static final long LOOK_NANOS = 10_000_000;

  private final WaitLimit limit;
  private final BooleanSupplier cancelled;
  private final long start = System.nanoTime();
  private long pause = FIRST_PAUSE;
  private long looked = start - LOOK_NANOS;

  /**
   * A wait that begins now.
   *
   * @param cancelled whether this process closes the session
   */
  public Wait(WaitLimit limit, BooleanSupplier cancelled) {
    this.limit = limit;
    this.cancelled = cancelled;
  }

  /** How long it has taken. */
  public Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** How long it may go on, never negative. */
  public Duration left() {
    Duration left = limit.duration().minus(waited());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether the limit has passed. */
  public boolean isOver() {
    return System.nanoTime() - start >= limit.nanos();
  }

  /** By how much the limit has passed, never negative. */
  public Duration overdue() {
    Duration over = waited().minus(limit.duration());
    return over.isNegative() ? Duration.ZERO : over;
  }

  /** Passes a short time, longer each time; an interrupt ends it and is kept. */
  public void pause() {
    LockSupport.parkNanos(this, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  /** What ends the wait of this rank, other than time. */
  Optional<Failure> broken() {
    if (cancelled.getAsBoolean()) {
      return Optional.of(new Failure.Cancelled());
    }
    return Thread.currentThread().isInterrupted()
        ? Optional.of(new Failure.Interrupted())
        : Optional.empty();
  }

  /** Whether it is time to see who is alive. Asking takes system calls for each rank. */
  boolean isLookDue() {
    long now = System.nanoTime();
    if (now - looked < LOOK_NANOS) {
      return false;
    }
    looked = now;
    return true;
  }
}

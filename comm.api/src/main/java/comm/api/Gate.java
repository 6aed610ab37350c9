package comm.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The state machine in front of a session: open, then broken or closed, never back. Every call of a
 * communicator passes it first. The way through costs one volatile read, and for a collective one
 * compare-and-set.
 */
final class Gate {

  private static final int OPEN = 0;
  private static final int BROKEN = 1;
  private static final int CLOSED = 2;

  private static final VarHandle OWNER;
  private static final VarHandle STATE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNER = lookup.findVarHandle(Gate.class, "owner", Thread.class);
      STATE = lookup.findVarHandle(Gate.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final CommConfig config;
  private final String backend;
  private final AtomicInteger waiters = new AtomicInteger();

  @SuppressWarnings("unused") // through STATE
  private volatile int state = OPEN;

  /** The thread inside a collective; there may be one at a time. */
  @SuppressWarnings("unused") // through OWNER
  private volatile @Nullable Thread owner;

  private volatile @Nullable CommException first;

  Gate(CommConfig config, String backend) {
    this.config = config;
    this.backend = backend;
  }

  /** Lets a call that is no collective pass. */
  void check(String operation) {
    if (state != OPEN) {
      throw refusal(operation);
    }
  }

  /** Lets a collective in; {@link #exit} must follow. */
  void enter(String operation) {
    if (!OWNER.compareAndSet(this, null, Thread.currentThread())) {
      throw new IllegalStateException(
          operation
              + ": another thread is inside a collective of rank "
              + config.rank()
              + "; collectives of one communicator come from one thread at a time");
    }
    if (state != OPEN) {
      exit();
      throw refusal(operation);
    }
  }

  void exit() {
    OWNER.setRelease(this, null);
  }

  /** Lets a wait in that may run beside others; {@link #exitWait} must follow. */
  void enterWait(String operation) {
    waiters.incrementAndGet();
    if (state != OPEN) {
      exitWait();
      throw refusal(operation);
    }
  }

  void exitWait() {
    waiters.decrementAndGet();
  }

  /** Marks the communicator as broken, unless it was before. */
  void breakWith(CommException cause) {
    synchronized (this) {
      if (first == null) {
        first = cause;
      }
    }
    STATE.compareAndSet(this, OPEN, BROKEN);
  }

  /** The same for what no backend should throw from a collective. */
  void breakWithUnexpected(String operation, Throwable thrown) {
    if (state == OPEN) {
      breakWith(
          new NativeCallException(
              call(operation, Duration.ZERO),
              "failed: backend " + backend + " threw " + thrown + ", which is a defect of it",
              backend,
              0,
              ""));
    }
  }

  boolean isClosed() {
    return state == CLOSED;
  }

  /**
   * Refuses all further calls.
   *
   * @return false if it was closed before
   */
  boolean close() {
    return (int) STATE.getAndSet(this, CLOSED) != CLOSED;
  }

  boolean isOccupied() {
    return owner != null || waiters.get() > 0;
  }

  /** Waits until no call is inside any more, at most so long; the calls were told to end. */
  boolean drain(long nanos) {
    long start = System.nanoTime();
    while (isOccupied()) {
      if (System.nanoTime() - start > nanos) {
        return false;
      }
      LockSupport.parkNanos(this, 100_000);
    }
    return true;
  }

  CommException.Call call(String operation, Duration elapsed) {
    return new CommException.Call(operation, config.rank(), config.size(), backend, elapsed);
  }

  private RuntimeException refusal(String operation) {
    CommException cause = first;
    if (state == CLOSED || cause == null) {
      return new IllegalStateException(
          operation
              + ": the communicator of rank "
              + config.rank()
              + " of "
              + config.size()
              + " is closed");
    }
    return new CommBrokenException(call(operation, Duration.ZERO), cause);
  }
}

package comm.backend.sim;

import comm.api.spi.WaitLimit;
import comm.backend.sim.posix.Futex;
import comm.backend.sim.protocol.Wait;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/** Waiting in the real world: clocks, yields, futexes, interrupts, kernel locks. For one thread. */
final class SystemWait implements Wait {

  private static final int SPINS_PER_LOOK = 16;

  /**
   * Where all who are missing may be running on other processors, so many looks come before a
   * yield. They take about as long as the switch to another process and back that they may save.
   */
  private static final int LOOKS_PER_YIELD = 24;

  private final WaitPolicy policy;
  private final long address;
  private final IntPredicate held;
  private final BooleanSupplier cancelled;
  private final Futex futex = new Futex();
  private final SpinBudget spinning;

  private WaitLimit limit;
  private long limitNanos;
  private long start;
  private long now;
  private long checked;
  private boolean slept;
  private int looks;
  private boolean begun;
  private boolean yielded;

  /**
   * A wait.
   *
   * @param address of the control segment in this process
   * @param held whether the lock of a rank is held
   * @param cancelled whether this process closes the session
   */
  SystemWait(
      WaitPolicy policy,
      long address,
      IntPredicate held,
      BooleanSupplier cancelled,
      WaitLimit limit) {
    this.policy = policy;
    this.address = address;
    this.held = held;
    this.cancelled = cancelled;
    this.limit = limit;
    this.spinning = new SpinBudget(policy.spinNanos());
  }

  /** Sets the limit of the next wait. */
  void limit(WaitLimit next) {
    limit = next;
    start = 0;
  }

  /** How long the last wait took; zero if it ended before the clock was read. */
  Duration waited() {
    return start == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public void begin() {
    if (begun) {
      spinning.ended(!yielded);
    }
    begun = true;
    yielded = false;
    looks = 0;
    now = System.nanoTime();
    start = now;
    limitNanos = limit.nanos();
    checked = now;
    slept = false;
  }

  // Others need the processor, and that they get it is all that a yield is for here.
  @SuppressWarnings("ThreadPriorityCheck")
  @Override
  public boolean stayAwake(IntSupplier missing) {
    now = System.nanoTime();
    long awake = now - start;
    if (awake < spinning.nanos()) {
      for (int i = 0; i < SPINS_PER_LOOK; i++) {
        Thread.onSpinWait();
      }
      return true;
    }
    yielded = true;
    if (awake < spinning.nanos() + policy.yieldNanos()) {
      if (looks < LOOKS_PER_YIELD && missing.getAsInt() < policy.processors()) {
        looks++;
        Thread.onSpinWait();
      } else {
        looks = 0;
        Thread.yield();
      }
      return true;
    }
    return false;
  }

  @Override
  public void sleep(int offset, long value) {
    long left = limitNanos - (System.nanoTime() - start);
    futex.sleep(address + offset, (int) value, Math.max(1, Math.min(left, WaitPolicy.SLICE_NANOS)));
    slept = true;
  }

  @Override
  public void wake(int offset) {
    Futex.wakeAll(address + offset);
  }

  @Override
  public boolean isCheckDue() {
    if (!slept && now - checked < WaitPolicy.CHECK_NANOS) {
      return false;
    }
    slept = false;
    checked = now;
    return true;
  }

  @Override
  public Ending ending() {
    now = System.nanoTime();
    if (cancelled.getAsBoolean()) {
      return Ending.CANCELLED;
    }
    if (Thread.currentThread().isInterrupted()) {
      return Ending.INTERRUPTED;
    }
    return now - start >= limitNanos ? Ending.TIMED_OUT : Ending.NONE;
  }

  @Override
  public boolean isHeld(int rank) {
    return held.test(rank);
  }
}

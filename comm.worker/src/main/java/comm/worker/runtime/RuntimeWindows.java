package comm.worker.runtime;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Windows of a host runtime. The runtime frees windows with their communicator only: {@link #close}
 * gives back what this process has mapped, and the rest goes when the session is closed.
 */
final class RuntimeWindows implements BackendWindows {

  private static final int SPINS = 1000;
  private static final int YIELDS = 100;
  private static final long SHORTEST_PAUSE = 50_000;
  private static final long LONGEST_PAUSE = 1_000_000;

  private final CommContext context;
  private final long deviceContext;
  private final WindowAccess access;
  private final BooleanSupplier cancelled;
  private final Map<String, String> attributes;

  /**
   * Windows.
   *
   * @param deviceContext address of the encoded context
   * @param cancelled whether waits are to end
   */
  RuntimeWindows(
      CommContext context,
      long deviceContext,
      WindowAccess access,
      BooleanSupplier cancelled,
      Map<String, String> attributes) {
    this.context = context;
    this.deviceContext = deviceContext;
    this.access = access;
    this.cancelled = cancelled;
    this.attributes = attributes;
  }

  @Override
  public long size() {
    return context.winSize();
  }

  @Override
  public CommContext context() {
    return context;
  }

  @Override
  public long deviceContext() {
    return deviceContext;
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return access.memory(rank, failures);
  }

  @Override
  public Map<String, String> attributes() {
    return attributes;
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand)
      throws BackendFailure {
    access.signal(rank, offset, operation, operand);
  }

  /**
   * Polls the word. A rank that died can't be told from one that is late, so a word that it would
   * have written is awaited until the limit.
   */
  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure {
    long word = access.word(rank, offset);
    if (comparison.holds(word, operand)) {
      return word;
    }
    long start = System.nanoTime();
    for (int round = 0; ; round++) {
      pause(round);
      word = access.word(rank, offset);
      if (comparison.holds(word, operand)) {
        return word;
      }
      long waited = System.nanoTime() - start;
      if (cancelled.getAsBoolean()) {
        throw new BackendFailure(new Failure.Cancelled(), Duration.ofNanos(waited));
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new BackendFailure(new Failure.Interrupted(), Duration.ofNanos(waited));
      }
      if (waited >= limit.nanos()) {
        throw new BackendFailure(new Failure.TimedOut(List.of()), Duration.ofNanos(waited));
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // the awaited rank may need this processor
  private static void pause(int round) {
    if (round < SPINS) {
      Thread.onSpinWait();
    } else if (round < SPINS + YIELDS) {
      Thread.yield();
    } else {
      int doublings = Math.min(5, (round - SPINS - YIELDS) / 16);
      LockSupport.parkNanos(Math.min(LONGEST_PAUSE, SHORTEST_PAUSE << doublings));
    }
  }

  /** Gives back the mappings of this process. */
  void release() {
    access.release();
  }

  @Override
  public void close(WaitLimit limit) {
    release();
  }
}

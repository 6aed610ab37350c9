package comm.api;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The windows of all ranks from one {@link Communicator#allocateWindows}. Any thread may use it.
 *
 * <p>Closing it frees what this process holds. It doesn't wait for the other ranks and doesn't take
 * the memory from them: they may use the windows, this rank's too, until they close their own set.
 */
public final class WindowSet implements AutoCloseable {

  private final BackendWindows windows;
  private final WaitLimit limit;
  private final Gate gate;
  private final int rank;
  private final List<Window> all;
  private final Consumer<WindowSet> forget;
  private boolean closed;

  /** Read on every access to a window; set before the memory goes away. */
  private volatile boolean usable = true;

  /**
   * Windows that were just allocated.
   *
   * @param forget called once they are closed, so that nobody keeps them reachable
   */
  WindowSet(
      int size,
      int rank,
      WaitLimit limit,
      Gate gate,
      BackendWindows windows,
      Consumer<WindowSet> forget) {
    this.windows = windows;
    this.limit = limit;
    this.gate = gate;
    this.rank = rank;
    this.forget = forget;
    List<Window> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(new Window(i, this, windows, windows.memory(i, this::failed)));
    }
    this.all = List.copyOf(list);
  }

  /**
   * The window of this rank.
   *
   * @return the window
   */
  public Window local() {
    return all.get(rank);
  }

  /**
   * The window of a rank.
   *
   * @param peer 0 ≤ peer &lt; size of the communicator
   * @return its window
   * @throws IndexOutOfBoundsException if there is no such rank
   */
  public Window of(int peer) {
    if (peer < 0 || peer >= all.size()) {
      throw new IndexOutOfBoundsException(
          "rank must be 0 to " + (all.size() - 1) + ", but is " + peer);
    }
    return all.get(peer);
  }

  /**
   * Bytes of each window.
   *
   * @return the size, at least what was asked for
   */
  public long size() {
    return windows.size();
  }

  /**
   * The addresses of all windows, as this rank sees them.
   *
   * @return the context
   * @throws IllegalStateException if the set is closed
   */
  public CommContext context() {
    check("context");
    return windows.context();
  }

  /**
   * Where kernels read the encoded context, {@value CommContext#BYTES} bytes: in device memory on a
   * device, in this process's memory on a simulated one.
   *
   * @return the address, valid until the set is closed
   * @throws IllegalStateException if the set is closed
   */
  public long deviceContext() {
    check("deviceContext");
    return windows.deviceContext();
  }

  /**
   * How the windows came about: what the backend chose and what it was given, for people and logs.
   * The keys are the backend's own, such as {@code strategy}; see its documentation.
   *
   * @return the facts in the order in which they are worth reading; empty if there is nothing to
   *     say
   */
  public Map<String, String> attributes() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(windows.attributes()));
  }

  /** The exception for a call on these windows that failed; breaks the communicator if it must. */
  RuntimeException failed(String operation, BackendFailure failure) {
    return failed(operation, failure, limit);
  }

  RuntimeException failed(String operation, BackendFailure failure, WaitLimit wait) {
    RuntimeException exception =
        Failures.exception(gate.call(operation, failure.waited()), failure, wait);
    if (exception instanceof CommException cause && !harmless(failure)) {
      gate.breakWith(cause);
    }
    return exception;
  }

  /** One rank's wait that ended by its own limit or interrupt takes nothing from the others. */
  private static boolean harmless(BackendFailure failure) {
    return failure.reportedBy().isEmpty()
        && (failure.failure() instanceof Failure.TimedOut
            || failure.failure() instanceof Failure.Interrupted);
  }

  /** Lets an access pass while the set is open and the communicator unbroken. */
  void check(String operation) {
    if (!usable) {
      throw new IllegalStateException(
          operation + ": the windows of rank " + rank + " of " + all.size() + " are closed");
    }
    gate.check(operation);
  }

  Gate gate() {
    return gate;
  }

  WaitLimit limit() {
    return limit;
  }

  /**
   * Frees what this process holds of the windows. Later calls on them throw {@link
   * IllegalStateException}; buffers that {@link Window#view} gave out stay valid and keep the
   * memory while they are reachable. Idempotent; never waits for other ranks beyond the
   * configuration's timeout.
   *
   * @throws CommException if something could not be freed; everything else has been
   */
  @Override
  public void close() {
    close(limit);
  }

  void close(WaitLimit wait) {
    try {
      closeOnce(wait);
    } finally {
      // Outside of the lock: a communicator that closes holds its own and takes this one.
      forget.accept(this);
    }
  }

  private synchronized void closeOnce(WaitLimit wait) {
    if (closed) {
      return;
    }
    closed = true;
    usable = false;
    try {
      windows.close(wait);
    } catch (BackendFailure e) {
      throw Failures.exception(gate.call("close windows", e.waited()), e, wait);
    }
  }
}

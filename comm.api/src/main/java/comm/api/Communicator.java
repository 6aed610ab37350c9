package comm.api;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rank's part in a group of ranks that reach each other's memory and meet in barriers.
 *
 * {@snippet file="comm/tests/snippets/Neighbour.java" region="neighbour"}
 *
 * <p>Collectives ({@link #open}, {@link #allocateWindows}, {@link #barrier}) are called by every
 * rank, in the same order, from one thread at a time. They wait for the other ranks, never longer
 * than their limit. All other methods may be called from any thread.
 *
 * <p>When a collective fails it fails for every rank that took part, and the communicator is broken
 * for good: each later call throws {@link CommBrokenException} with the first cause. A rank that
 * ends without {@link #close} counts as failed.
 */
public final class Communicator implements AutoCloseable {

  /** The source of a limit that the call itself has. */
  static final String CALL = "the call's argument";

  private static final List<Communicator> UNCLOSED = new ArrayList<>();

  private final CommConfig config;
  private final String backend;
  private final BackendSession session;
  private final WaitLimit limit;
  private final Gate gate;
  private final Deque<WindowSet> windowSets = new ArrayDeque<>();

  private Communicator(CommConfig config, String backend, BackendSession session, Gate gate) {
    this.config = config;
    this.backend = backend;
    this.session = session;
    this.limit = config.waitLimit();
    this.gate = gate;
  }

  /**
   * Joins a communicator. Collective: returns once all ranks have joined, or fails on all of them.
   *
   * @param config who joins, where and how
   * @return this rank's communicator
   * @throws BackendUnavailableException if there is no such backend or it can't be used here;
   *     nothing has been touched
   * @throws RendezvousException if the rendezvous file can't be used
   * @throws RankMismatchException if a rank is there twice or the sizes differ
   * @throws CommTimeoutException if not all ranks came within the configuration's timeout
   * @throws CommException if joining fails in another way
   */
  public static Communicator open(CommConfig config) {
    return open(config, BackendSelector.onPath().select(config));
  }

  static Communicator open(CommConfig config, CommBackend backend) {
    Gate gate = new Gate(config, backend.name());
    WaitLimit limit = config.waitLimit();
    SessionRequest request =
        new SessionRequest(
            config.rank(),
            config.size(),
            config.rootInfo().toAbsolutePath().normalize(),
            config.stream(),
            propertiesOf(backend.name(), config.properties()),
            limit);
    BackendSession session;
    try {
      session = backend.open(request);
    } catch (BackendFailure e) {
      throw Failures.exception(gate.call("open", e.waited()), e, limit);
    }
    Communicator communicator = new Communicator(config, backend.name(), session, gate);
    synchronized (UNCLOSED) {
      UNCLOSED.add(communicator);
    }
    return communicator;
  }

  static Map<String, String> propertiesOf(String backend, Map<String, String> all) {
    Map<String, String> own = new HashMap<>();
    String prefix = backend + ".";
    all.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            own.put(key.substring(prefix.length()), value);
          }
        });
    return own;
  }

  /**
   * The backends on the path, usable or not, in the order in which they were found.
   *
   * @return one entry a backend
   */
  public static List<BackendUnavailableException.Candidate> backends() {
    return List.copyOf(BackendSelector.onPath().candidates());
  }

  /**
   * What a backend finds out about this machine when it looks closely, for a person who sets it up:
   * versions, devices, what it would choose. May load native libraries and take some seconds.
   *
   * @param backend its name
   * @return the facts by name, in the order in which they are worth reading; empty if the backend
   *     has nothing to say or there is no such backend
   */
  public static Map<String, String> describe(String backend) {
    return BackendSelector.onPath().describe(backend);
  }

  /**
   * Removes what ranks of this user that died on this machine have left, on all usable backends. A
   * rank that opens a communicator does so too; this is for launchers, after a job that failed.
   * Never waits, and harms nobody who lives.
   */
  public static void sweep() {
    BackendSelector.onPath().sweep();
  }

  /**
   * The communicators of this process that were opened and not yet closed, for launchers and tests
   * that must not leave any behind.
   *
   * @return a snapshot, in the order of opening
   */
  public static List<Communicator> unclosed() {
    synchronized (UNCLOSED) {
      return List.copyOf(UNCLOSED);
    }
  }

  /**
   * This rank.
   *
   * @return 0 ≤ rank &lt; size
   */
  public int rank() {
    return config.rank();
  }

  /**
   * The number of ranks.
   *
   * @return 1 to {@value CommContext#MAX_RANKS}
   */
  public int size() {
    return config.size();
  }

  /**
   * The name of the backend in use.
   *
   * @return such as {@code sim}
   */
  public String backend() {
    return backend;
  }

  /**
   * Allocates one window per rank, as {@link #allocateWindows(long, Duration)} with the
   * configuration's timeout.
   *
   * @param bytes size of each window, at least 1; the same on every rank
   * @return the windows of all ranks
   * @throws CommException as {@link #allocateWindows(long, Duration)}
   */
  public WindowSet allocateWindows(long bytes) {
    return allocate(bytes, limit);
  }

  /**
   * Allocates one window per rank: memory that every rank can reach, zero at first. Collective:
   * returns once every window can be reached, or fails on all ranks.
   *
   * @param bytes size of each window, at least 1; the same on every rank
   * @param timeout how long to wait for other ranks
   * @return the windows of all ranks
   * @throws IllegalArgumentException if the size is less than 1 or that of all windows together
   *     overflows a long
   * @throws IllegalStateException if the communicator is closed or another thread is inside a
   *     collective
   * @throws RankMismatchException if the ranks ask for different sizes
   * @throws ResourceExhaustedException if there isn't that much memory
   * @throws CommException if the call fails in another way
   */
  public WindowSet allocateWindows(long bytes, Duration timeout) {
    return allocate(bytes, new WaitLimit(timeout, CALL));
  }

  private WindowSet allocate(long bytes, WaitLimit wait) {
    String operation = "allocateWindows";
    if (bytes < 1) {
      throw new IllegalArgumentException("window size must be at least 1 byte, but is " + bytes);
    }
    if (bytes > Long.MAX_VALUE / config.size()) {
      throw new IllegalArgumentException(
          "window size " + bytes + " times " + config.size() + " ranks overflows");
    }
    gate.enter(operation);
    try {
      BackendWindows windows = session.allocateWindows(bytes, wait);
      return keep(new WindowSet(config.size(), config.rank(), limit, gate, windows, this::forget));
    } catch (BackendFailure e) {
      throw failed(operation, e, wait);
    } catch (RuntimeException | Error e) {
      gate.breakWithUnexpected(operation, e);
      throw e;
    } finally {
      gate.exit();
    }
  }

  /** Another thread may have closed the communicator after its patience with this one ended. */
  private WindowSet keep(WindowSet set) {
    synchronized (windowSets) {
      if (!gate.isClosed()) {
        windowSets.push(set);
        return set;
      }
    }
    set.close();
    throw new IllegalStateException("allocateWindows: " + this + " was closed by another thread");
  }

  private void forget(WindowSet closed) {
    synchronized (windowSets) {
      windowSets.remove(closed);
    }
  }

  /**
   * Waits until every rank has called it, as {@link #barrier(Duration)} with the configuration's
   * timeout. Doesn't allocate.
   *
   * @throws CommException as {@link #barrier(Duration)}
   */
  public void barrier() {
    barrier(limit);
  }

  /**
   * Waits until every rank has called it. What any rank wrote to any window before the barrier, by
   * whatever means, every rank sees after it.
   *
   * @param timeout how long to wait for other ranks
   * @throws IllegalStateException if the communicator is closed or another thread is inside a
   *     collective
   * @throws CommTimeoutException if not all ranks came in time; it says who is missing
   * @throws PeerFailedException if a rank died or left
   * @throws CommException if the call fails in another way
   */
  public void barrier(Duration timeout) {
    barrier(new WaitLimit(timeout, CALL));
  }

  private void barrier(WaitLimit wait) {
    gate.enter("barrier");
    try {
      session.barrier(wait);
    } catch (BackendFailure e) {
      throw failed("barrier", e, wait);
    } catch (RuntimeException | Error e) {
      gate.breakWithUnexpected("barrier", e);
      throw e;
    } finally {
      gate.exit();
    }
  }

  private RuntimeException failed(String operation, BackendFailure e, WaitLimit wait) {
    RuntimeException exception = Failures.exception(gate.call(operation, e.waited()), e, wait);
    if (exception instanceof CommException cause) {
      gate.breakWith(cause);
    }
    return exception;
  }

  /**
   * What is known of every rank now. Never waits.
   *
   * @return one status per rank, in rank order
   * @throws IllegalStateException if the communicator is closed
   */
  public List<RankStatus> peers() {
    // Looked at before the lock too, so that this doesn't wait while another thread is closing.
    checkNotClosed("peers");
    synchronized (windowSets) {
      checkNotClosed("peers");
      return session.peers();
    }
  }

  private void checkNotClosed(String operation) {
    if (gate.isClosed()) {
      throw new IllegalStateException(
          operation + ": the communicator of rank " + rank() + " of " + size() + " is closed");
    }
  }

  /**
   * Leaves the communicator: closes its windows and frees everything this process holds for it.
   * Ranks that wait for this one, now or later, fail at once. A call of another thread that is
   * still waiting ends with {@link IllegalStateException}. Idempotent; returns within the
   * configuration's timeout.
   *
   * @throws CommException if something could not be freed; everything else has been
   */
  @Override
  public void close() {
    if (!gate.close()) {
      return;
    }
    long start = System.nanoTime();
    @Nullable Throwable error = null;
    if (gate.isOccupied()) {
      error = closing(session::cancel, error);
      gate.drain(limit.nanos());
    }
    synchronized (windowSets) {
      while (!windowSets.isEmpty()) {
        WindowSet set = windowSets.pop();
        error = closing(() -> set.close(leftOf(start)), error);
      }
      error = closing(() -> closeSession(leftOf(start)), error);
    }
    synchronized (UNCLOSED) {
      UNCLOSED.remove(this);
    }
    if (error instanceof Error e) {
      throw e;
    }
    if (error instanceof RuntimeException e) {
      throw e;
    }
  }

  /** What is left of the timeout since then, at least a millisecond. */
  private WaitLimit leftOf(long start) {
    Duration left = limit.duration().minusNanos(System.nanoTime() - start);
    Duration least = Duration.ofMillis(1);
    return new WaitLimit(left.compareTo(least) < 0 ? least : left, limit.source());
  }

  private void closeSession(WaitLimit wait) {
    try {
      session.close(wait);
    } catch (BackendFailure e) {
      throw Failures.exception(gate.call("close", e.waited()), e, wait);
    }
  }

  /** Runs one step of closing, whatever became of the steps before; the first error stays. */
  private static @Nullable Throwable closing(Runnable step, @Nullable Throwable error) {
    try {
      step.run();
      return error;
    } catch (RuntimeException | Error e) {
      if (error == null) {
        return e;
      }
      error.addSuppressed(e);
      return error;
    }
  }

  /** {@return rank, size and backend in words} */
  @Override
  public String toString() {
    return "communicator of rank " + rank() + " of " + size() + " (" + backend + ")";
  }
}

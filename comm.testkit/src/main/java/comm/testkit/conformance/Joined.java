package comm.testkit.conformance;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.time.Duration;
import org.opentest4j.AssertionFailedError;

/** A rank that has joined, with the limits that the kit gives to all its calls. */
final class Joined implements AutoCloseable {

  /** Longer than any call takes that isn't kept waiting on purpose. */
  static final Duration LONG = TimeScale.scaled(Duration.ofSeconds(30));

  private final BackendSession session;
  private boolean hasWindows;

  private Joined(BackendSession session) {
    this.session = session;
  }

  /** A call of the backend. */
  @FunctionalInterface
  interface Call {
    void run() throws BackendFailure;
  }

  static Joined open(TestRank rank) throws BackendFailure {
    return new Joined(rank.backend().open(rank.request(LONG)));
  }

  /** The same with a window, which some backends need for their barriers. */
  static Joined ready(TestRank rank) throws BackendFailure {
    Joined joined = open(rank);
    try {
      BackendWindows unused = joined.allocate(64);
      return joined;
    } catch (BackendFailure e) {
      joined.close();
      throw e;
    }
  }

  static Joined of(BackendSession session) {
    return new Joined(session);
  }

  static WaitLimit limit(Duration duration) {
    return new WaitLimit(duration, "the test kit");
  }

  BackendSession session() {
    return session;
  }

  BackendWindows allocate(long bytes) throws BackendFailure {
    BackendWindows windows = session.allocateWindows(bytes, limit(LONG));
    hasWindows = true;
    return windows;
  }

  /** Meets the others, with a window if there is none yet: some backends' barriers need one. */
  void barrier() throws BackendFailure {
    if (!hasWindows) {
      BackendWindows unused = allocate(64);
    }
    session.barrier(limit(LONG));
  }

  void barrier(Duration duration) throws BackendFailure {
    session.barrier(limit(duration));
  }

  static WindowMemory memory(BackendWindows windows, int rank) {
    return windows.memory(
        rank,
        (operation, failure) ->
            new IllegalStateException(operation + " failed: " + failure.getMessage(), failure));
  }

  /** The failure with which a call must end. */
  static <F extends Failure> F fails(Class<F> expected, String what, Call call) {
    return expected.cast(failure(expected, what, call).failure());
  }

  /** The same with what the backend says around it. */
  static BackendFailure failure(Class<? extends Failure> expected, String what, Call call) {
    try {
      call.run();
    } catch (BackendFailure e) {
      if (expected.isInstance(e.failure())) {
        return e;
      }
      throw new AssertionFailedError(
          what + " must fail with " + expected.getSimpleName() + ", but failed with " + e.failure(),
          e);
    }
    throw new AssertionFailedError(
        what + " must fail with " + expected.getSimpleName() + ", but returned");
  }

  @Override
  public void close() throws BackendFailure {
    session.close(limit(LONG));
  }
}

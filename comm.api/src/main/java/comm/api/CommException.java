package comm.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong between the ranks, or on the way to them. The root of everything that this
 * library throws at run time, apart from wrong arguments and wrong order of calls.
 *
 * <p>Unless a subclass says otherwise the communicator is broken afterwards, on every rank and for
 * good: close it.
 */
public abstract sealed class CommException extends RuntimeException
    permits BackendUnavailableException,
        CommBrokenException,
        CommInterruptedException,
        CommTimeoutException,
        NativeCallException,
        PeerFailedException,
        RankMismatchException,
        RendezvousException,
        ResourceExhaustedException {

  private final Call call;

  /**
   * The call that failed.
   *
   * @param operation its name, such as {@code barrier}
   * @param rank the rank that made it
   * @param size ranks of the communicator
   * @param backend name of the backend, or what was asked for if none was found
   * @param elapsed how long the call had waited
   */
  public record Call(String operation, int rank, int size, String backend, Duration elapsed) {
    /** Checks that nothing is null. */
    public Call {
      requireNonNull(operation, "operation");
      requireNonNull(backend, "backend");
      requireNonNull(elapsed, "elapsed");
    }

    /** {@return the call in words, as error messages begin} */
    @Override
    public String toString() {
      return operation + " on rank " + rank + " of " + size + " (" + backend + ")";
    }
  }

  CommException(Call call, String message, @Nullable Throwable cause) {
    super(call + " " + message, cause);
    this.call = call;
  }

  /**
   * The operation that failed, such as {@code barrier}.
   *
   * @return its name
   */
  public final String operation() {
    return call.operation();
  }

  /**
   * The rank on which it failed.
   *
   * @return the rank
   */
  public final int rank() {
    return call.rank();
  }

  /**
   * The number of ranks of the communicator.
   *
   * @return the size
   */
  public final int size() {
    return call.size();
  }

  /**
   * The name of the backend.
   *
   * @return the name
   */
  public final String backend() {
    return call.backend();
  }

  /**
   * How long the failed call had waited.
   *
   * @return the time, zero if it failed before it waited
   */
  public final Duration elapsed() {
    return call.elapsed();
  }
}

package comm.api;

import static java.util.Objects.requireNonNull;

/**
 * The communicator had failed before this call, which therefore did nothing. The cause is the first
 * failure, the one to look at.
 */
public final class CommBrokenException extends CommException {

  CommBrokenException(Call call, CommException first) {
    super(call, "did nothing: the communicator is broken since " + first.getMessage(), first);
  }

  /**
   * The failure that broke the communicator.
   *
   * @return the first cause
   */
  public CommException firstCause() {
    return (CommException) requireNonNull(getCause(), "cause");
  }
}

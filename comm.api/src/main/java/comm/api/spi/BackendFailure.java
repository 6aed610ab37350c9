package comm.api.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * Carries a {@link Failure} from a backend to the communicator, which turns it into a {@link
 * comm.api.CommException} with the operation, the rank and advice. A caller of {@code comm.api}
 * sees its cause only, as a suppressed exception.
 */
public final class BackendFailure extends Exception {

  private final Failure failure;
  private final OptionalInt reportedBy;
  private final Duration waited;

  /**
   * A failure that this rank met itself.
   *
   * @param failure what went wrong
   * @param waited how long this call had waited
   */
  public BackendFailure(Failure failure, Duration waited) {
    this(failure, OptionalInt.empty(), waited);
  }

  /**
   * A failure that may have been met by another rank first.
   *
   * @param failure what went wrong
   * @param reportedBy the rank that reported it, empty if it was this one
   * @param waited how long this call had waited
   */
  public BackendFailure(Failure failure, OptionalInt reportedBy, Duration waited) {
    this.failure = requireNonNull(failure, "failure");
    this.reportedBy = requireNonNull(reportedBy, "reportedBy");
    this.waited = requireNonNull(waited, "waited");
  }

  /**
   * The failure in words, for logs. They are made here and not beforehand: a record's first text
   * takes tens of milliseconds in a young JVM, and nobody may ask for it.
   *
   * @return one line
   */
  @Override
  public String getMessage() {
    return failure.toString();
  }

  /**
   * What went wrong.
   *
   * @return the facts
   */
  public Failure failure() {
    return failure;
  }

  /**
   * The rank that reported it.
   *
   * @return the rank, empty if this rank met it itself
   */
  public OptionalInt reportedBy() {
    return reportedBy;
  }

  /**
   * How long the failed call had waited.
   *
   * @return the time, zero if it failed before it waited
   */
  public Duration waited() {
    return waited;
  }
}

package comm.api.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a call may wait for other ranks, and who said so. The clock starts when the call begins
 * to wait, so that a call that needn't wait never reads a clock.
 *
 * @param duration the limit, positive
 * @param source where it was set, for the error that names it, such as {@code COMM_TIMEOUT}
 */
public record WaitLimit(Duration duration, String source) {

  /** The longest limit: about 292 years in nanoseconds would overflow a clock; this one can't. */
  public static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the duration isn't positive or is longer than {@link
   *     #LONGEST}
   */
  public WaitLimit {
    requireNonNull(duration, "duration");
    requireNonNull(source, "source");
    if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeout must be positive and at most 365 days, but is "
              + duration
              + " ("
              + source
              + ")");
    }
  }

  /**
   * The limit in nanoseconds.
   *
   * @return nanoseconds, positive
   */
  public long nanos() {
    return duration.toNanos();
  }
}

package comm.testkit.fault;

import static java.util.Objects.requireNonNull;

import comm.api.CommContext;
import comm.api.spi.WaitLimit;
import java.time.Duration;

/**
 * What happens to one rank at one point. Immutable.
 *
 * @param rank of the run, 0 to 63
 * @param at where
 * @param action what
 * @param time how long, in whole milliseconds; zero for {@link FaultAction#KILL}, positive, at most
 *     365 days, for others
 */
public record PlannedFault(int rank, At at, FaultAction action, Duration time) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there can't be such a rank, or the time doesn't fit
   */
  public PlannedFault {
    requireNonNull(at, "at");
    requireNonNull(action, "action");
    if (rank < 0 || rank >= CommContext.MAX_RANKS) {
      throw new IllegalArgumentException("rank must be 0 to 63, but is " + rank);
    }
    if (time.compareTo(WaitLimit.LONGEST) > 0
        || !time.equals(Duration.ofMillis(time.toMillis()))
        || time.isNegative()
        || time.isZero() != (action == FaultAction.KILL)) {
      throw new IllegalArgumentException(
          "time must be zero for kill, and whole milliseconds of at most 365 days for others, but is "
              + time);
    }
  }

  /**
   * Whether only a process can suffer it.
   *
   * @return true if the rank is killed or stopped
   */
  public boolean needsProcess() {
    return action != FaultAction.DELAY;
  }

  /** {@return the fault as it stands in the text of a plan} */
  @Override
  public String toString() {
    String text = action + " rank " + rank + " " + at;
    return action == FaultAction.KILL ? text : text + " for " + time.toMillis() + " ms";
  }
}

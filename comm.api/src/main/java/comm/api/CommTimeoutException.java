package comm.api;

import java.time.Duration;
import java.util.List;

/**
 * The limit passed before every rank had come. {@link #missing} says who is missing and in which
 * state. A {@link Window#await} that runs out of time leaves the communicator usable; a collective
 * breaks it for every rank.
 */
public final class CommTimeoutException extends CommException {

  private final Duration limit;
  private final transient List<RankStatus> missing;

  CommTimeoutException(Call call, String message, Duration limit, List<RankStatus> missing) {
    super(call, message, null);
    this.limit = limit;
    this.missing = List.copyOf(missing);
  }

  /**
   * The limit that passed.
   *
   * @return the limit of the call
   */
  public Duration limit() {
    return limit;
  }

  /**
   * The ranks that had not come, as they were at that moment.
   *
   * @return their status, in rank order; empty if a signal was awaited
   */
  public List<RankStatus> missing() {
    return missing;
  }
}

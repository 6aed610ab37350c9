package comm.api;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * What is known of one rank at one moment.
 *
 * @param rank the rank
 * @param state whether it is there
 * @param pid its process id as it published it, empty if it never joined; in another container the
 *     number may name another process
 * @param lastOperation the last operation it is known to have begun, such as {@code barrier}; the
 *     empty string if none is known
 * @param remark anything else that helps, such as {@code stopped by a signal}; may be empty
 */
public record RankStatus(
    int rank, State state, OptionalLong pid, String lastOperation, String remark) {

  /** Whether a rank is there. */
  public enum State {
    /** It has not joined the communicator. */
    NEVER_JOINED("never joined"),
    /** Its process exists; it may be busy, stopped or in a long garbage collection. */
    ALIVE("alive"),
    /** It closed the communicator. */
    LEFT("left"),
    /** Its process ended without closing the communicator. */
    DEAD("dead");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** {@return the state as it stands in error messages} */
    @Override
    public String toString() {
      return words;
    }
  }

  /** Checks that nothing is null. */
  public RankStatus {
    requireNonNull(state, "state");
    requireNonNull(pid, "pid");
    requireNonNull(lastOperation, "lastOperation");
    requireNonNull(remark, "remark");
  }

  /** {@return the status in one line, as errors show it} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("rank ").append(rank).append(" (").append(state);
    if (pid.isPresent()) {
      text.append(", pid ").append(pid.getAsLong());
    }
    if (!remark.isEmpty()) {
      text.append(", ").append(remark);
    }
    if (!lastOperation.isEmpty()) {
      text.append(", last operation ").append(lastOperation);
    }
    return text.append(')').toString();
  }
}

package comm.api.spi;

import static java.util.Objects.requireNonNull;

/** Whether a backend can be used on this machine. */
public sealed interface Availability {

  /**
   * The backend can be used.
   *
   * @param description what it would use, in a few words, such as a library's version or a path
   */
  record Available(String description) implements Availability {
    /** Checks that nothing is null. */
    public Available {
      requireNonNull(description, "description");
    }
  }

  /**
   * The backend can't be used.
   *
   * @param reason what was looked for, where, and what is there instead
   * @param advice what a person can do about it
   */
  record Unavailable(String reason, String advice) implements Availability {
    /** Checks that nothing is null. */
    public Unavailable {
      requireNonNull(reason, "reason");
      requireNonNull(advice, "advice");
    }
  }
}

package comm.testkit.fault;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A point of a rank's run. Each rank counts for itself, from the beginning of the run, over all
 * communicators that it opens. Immutable.
 *
 * @param when before or after it
 * @param point one of {@link #OPERATIONS}, or a name that the test gives to {@link
 *     comm.testkit.TestRank#reach}: a letter, then letters, digits, {@code _}, {@code .} or {@code
 *     -}
 * @param nth at which call, 1 to 999,999,999
 */
public record At(When when, String point, int nth) {

  /** The operations of a backend that are points. */
  public static final Set<String> OPERATIONS =
      Set.of("open", "allocateWindows", "barrier", "signal", "await", "close");

  private static final int MOST = 999_999_999;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name isn't one, {@code nth} is out of its range, or it
   *     is after a point of the test's own, which has no end
   */
  public At {
    requireNonNull(when, "when");
    if (!NAME.matcher(point).matches()) {
      throw new IllegalArgumentException(
          "a point is a letter, then letters, digits, _, . or -, but not \"" + point + "\"");
    }
    if (nth < 1 || nth > MOST) {
      throw new IllegalArgumentException("nth must be 1 to " + MOST + ", but is " + nth);
    }
    if (when == When.AFTER && !OPERATIONS.contains(point)) {
      throw new IllegalArgumentException(
          "only an operation has an after, and \"" + point + "\" is a point of the test's own");
    }
  }

  /**
   * Before a call.
   *
   * @param point an operation or a point of the test's own
   * @param nth at which call, from 1 on
   * @return the point
   */
  public static At before(String point, int nth) {
    return new At(When.BEFORE, point, nth);
  }

  /**
   * After a call has returned.
   *
   * @param operation one of {@link #OPERATIONS}
   * @param nth after which call, from 1 on
   * @return the point
   */
  public static At after(String operation, int nth) {
    return new At(When.AFTER, operation, nth);
  }

  /** {@return the point as it stands in the text of a plan, such as {@code before barrier 3}} */
  @Override
  public String toString() {
    return when + " " + point + " " + nth;
  }
}

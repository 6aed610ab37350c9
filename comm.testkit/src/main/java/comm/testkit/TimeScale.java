package comm.testkit;

import java.time.Duration;

/**
 * The one variable that scales all time limits of the kit: the system property {@value #PROPERTY},
 * or else the environment variable {@value #VARIABLE}. A slow or shared machine sets it to 3, say.
 */
public final class TimeScale {

  /** The system property. */
  public static final String PROPERTY = "comm.testkit.timeScale";

  /** The environment variable. */
  public static final String VARIABLE = "COMM_TESTKIT_TIME_SCALE";

  private TimeScale() {}

  /**
   * A limit on this machine.
   *
   * @param limit on a quick one
   * @return the limit times the scale
   * @throws IllegalStateException if the variable isn't a number from 0.01 to 1000
   */
  public static Duration scaled(Duration limit) {
    String text = System.getProperty(PROPERTY, System.getenv().getOrDefault(VARIABLE, "1"));
    double scale;
    try {
      scale = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      scale = Double.NaN;
    }
    if (!(scale >= 0.01 && scale <= 1000)) {
      throw new IllegalStateException(
          PROPERTY + " (or " + VARIABLE + ") must be a number from 0.01 to 1000, but is " + text);
    }
    return Duration.ofNanos((long) (limit.toNanos() * scale));
  }
}

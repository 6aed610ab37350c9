package comm.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 30}. */
final class DurationText {

  /** What is understood, for errors. */
  static final String ALLOWED =
      "a whole number with ms, s, m or h, a whole number of seconds, or an ISO-8601 duration such"
          + " as PT30S";

  private static final Pattern NUMBER = Pattern.compile("([0-9]+) ?(ms|s|m|h|)");

  private DurationText() {}

  /** The length of time, empty if the text isn't one. */
  static Optional<Duration> parse(String text) {
    try {
      Matcher number = NUMBER.matcher(text);
      return Optional.of(
          number.matches()
              ? Duration.of(Long.parseLong(number.group(1)), unit(number.group(2)))
              : Duration.parse(text));
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static ChronoUnit unit(String unit) {
    return switch (unit) {
      case "ms" -> ChronoUnit.MILLIS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.SECONDS;
    };
  }
}

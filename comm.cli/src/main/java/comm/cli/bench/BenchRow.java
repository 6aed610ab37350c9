package comm.cli.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a benchmark's result, on its way from rank 0 to the command as a line of standard
 * output: a marker, then {@code name=value} with tabs between. A file would have to outlive the
 * job's directory.
 */
public final class BenchRow {

  private static final String MARKER = "@bench-row";

  private final StringBuilder text = new StringBuilder(MARKER);

  BenchRow() {}

  /** Adds a value as it is. */
  BenchRow with(String name, Object value) {
    text.append('\t').append(name).append('=').append(value);
    return this;
  }

  /** Adds a number with so many digits that one can compare it. */
  BenchRow withNumber(String name, double value) {
    String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
    return with(name, String.format(Locale.ROOT, format, value));
  }

  void print() {
    System.out.println(text);
  }

  /**
   * Reads a line that a rank printed.
   *
   * @param line the line
   * @return names and values, numbers as such, in the order in which they were added; empty if the
   *     line is none of a benchmark
   */
  public static Optional<Map<String, Object>> parse(String line) {
    String[] parts = line.split("\t", -1);
    if (!parts[0].equals(MARKER)) {
      return Optional.empty();
    }
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String value = parts[i].substring(equals + 1);
      row.put(
          parts[i].substring(0, equals),
          value.matches("\\d+(\\.\\d+)?") ? new java.math.BigDecimal(value) : value);
    }
    return Optional.of(row);
  }
}

package comm.api;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds {@code comm.*} properties and {@code COMM_*} variables that nobody reads: typing errors.
 */
final class UnknownKeys {

  /** The variables and properties of other parts of this library begin so. */
  private static final List<String> ELSEWHERE =
      List.of(
          "COMM_LAUNCHER",
          "COMM_TESTKIT",
          "COMM_HOST_RUNTIME",
          "COMM_SIM_CONTEXT",
          "comm.launcher",
          "comm.testkit");

  /** More changes of one letter than this are another word, not a slip. */
  private static final int CLOSE = 2;

  private UnknownKeys() {}

  /** A sentence for each unknown key, in the order of the keys. */
  static List<String> warnings(Map<String, String> environment, Map<String, String> properties) {
    List<String> variables =
        unknown(environment, Setting.VARIABLE_PREFIX, Setting::variable).stream()
            .map(key -> warning("environment variable ", key, Setting::variable))
            .toList();
    List<String> keys =
        unknown(properties, Setting.PROPERTY_PREFIX, Setting::property).stream()
            .filter(key -> !isBackendSetting(key))
            .map(key -> warning("system property ", key, Setting::property))
            .toList();
    return Stream.concat(variables.stream(), keys.stream()).toList();
  }

  /** Whether a system property is {@code comm.}, a backend's name, a dot and a setting. */
  static boolean isBackendSetting(String property) {
    if (!property.startsWith(Setting.PROPERTY_PREFIX)) {
      return false;
    }
    int name = Setting.PROPERTY_PREFIX.length();
    int dot = property.indexOf('.', name);
    return dot > name && dot < property.length() - 1;
  }

  private static Set<String> unknown(
      Map<String, String> map, String prefix, Function<Setting, String> name) {
    Set<String> keys = new TreeSet<>(map.keySet());
    keys.removeIf(key -> !key.startsWith(prefix) || ELSEWHERE.stream().anyMatch(key::startsWith));
    Arrays.stream(Setting.values()).map(name).forEach(keys::remove);
    return keys;
  }

  private static String warning(String kind, String key, Function<Setting, String> name) {
    List<String> known = Arrays.stream(Setting.values()).map(name).toList();
    String nearest =
        known.stream().min(Comparator.comparingInt(one -> distance(key, one))).orElseThrow();
    return kind
        + key
        + " is not known and has no effect; "
        + (distance(key, nearest) <= CLOSE
            ? "did you mean " + nearest + "?"
            : "known are " + String.join(", ", known));
  }

  /** Letters to insert, remove or replace to get from one text to the other. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j < previous.length; j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[previous.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}

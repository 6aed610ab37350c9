package comm.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers, booleans and optionals as JSON. */
final class Json {

  private Json() {}

  static String of(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      StringJoiner joiner = new StringJoiner(",", "{", "}");
      map.forEach((key, item) -> joiner.add(quoted(String.valueOf(key)) + ":" + of(item)));
      return joiner.toString();
    }
    if (value instanceof List<?> list) {
      StringJoiner joiner = new StringJoiner(",", "[", "]");
      list.forEach(item -> joiner.add(of(item)));
      return joiner.toString();
    }
    if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null));
    }
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    return quoted(value.toString());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}

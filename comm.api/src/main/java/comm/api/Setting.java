package comm.api;

import java.util.Locale;

/** A value of {@link CommConfig} that a system property or an environment variable can set. */
enum Setting {
  RANK("rank", "rank"),
  SIZE("size", "size"),
  ROOT_INFO("rootinfo", "rootInfo"),
  BACKEND("backend", "backend"),
  STREAM("stream", "stream"),
  TIMEOUT("timeout", "timeout");

  static final String PROPERTY_PREFIX = "comm.";
  static final String VARIABLE_PREFIX = "COMM_";

  private final String property;
  private final String variable;
  private final String component;

  Setting(String key, String component) {
    this.property = PROPERTY_PREFIX + key;
    this.variable = VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT);
    this.component = component;
  }

  /** The system property, such as {@code comm.rank}. */
  String property() {
    return property;
  }

  /** The environment variable, such as {@code COMM_RANK}. */
  String variable() {
    return variable;
  }

  /** The component of {@link CommConfig}, as it stands in {@link CommConfig#origins}. */
  String component() {
    return component;
  }
}

package comm.api;

import static java.util.Objects.requireNonNull;

import comm.api.spi.WaitLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How one rank joins a communicator. Immutable; {@code with…} methods return changed copies.
 *
 * <pre>{@code
 * CommConfig config = CommConfig.of(rank, size, Path.of("/tmp/job-17.rootinfo"))
 *     .withBackend("sim")
 *     .withTimeout(Duration.ofSeconds(30));
 * }</pre>
 *
 * @param rank this rank, 0 ≤ rank &lt; size
 * @param size number of ranks, 1 to {@value CommContext#MAX_RANKS}
 * @param rootInfo the file through which the ranks find each other; the same on every rank, in a
 *     directory that exists and that this user may write to. It is created by rank 0 and is gone
 *     again when all ranks have joined
 * @param backend name of the backend; if empty, the system property {@code comm.backend}, then the
 *     environment variable {@code COMM_BACKEND}, then the only usable backend
 * @param stream a stream of the caller's that a backend for a device uses, and never destroys; if
 *     empty, such a backend makes its own
 * @param timeout how long any call may wait for other ranks unless the call says otherwise
 * @param properties settings of backends, each key with the backend's name in front, such as {@code
 *     sim.processors}
 * @param origins where values came from, by component name, for errors to name; a value without an
 *     entry was an argument
 */
public record CommConfig(
    int rank,
    int size,
    Path rootInfo,
    Optional<String> backend,
    OptionalLong stream,
    Duration timeout,
    Map<String, String> properties,
    Map<String, String> origins) {

  /** How long calls wait for other ranks where nothing else is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  /** The origin of a value that nobody set. */
  static final String DEFAULT = "the default";

  private static final String ARGUMENT = "CommConfig";

  /**
   * Copies the maps and checks the values.
   *
   * @throws IllegalArgumentException if the size is not 1 to 64, the rank is not one of the ranks,
   *     the timeout isn't positive or is longer than 365 days, the path or the backend's name is
   *     empty
   */
  public CommConfig {
    requireNonNull(rootInfo, "rootInfo");
    requireNonNull(backend, "backend");
    requireNonNull(stream, "stream");
    requireNonNull(timeout, "timeout");
    properties = Map.copyOf(properties);
    origins = Map.copyOf(origins);
    if (size < 1 || size > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException(
          "size must be 1 to "
              + CommContext.MAX_RANKS
              + " ranks, but is "
              + size
              + from(origins, "size"));
    }
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "rank must be 0 to "
              + (size - 1)
              + " for "
              + size
              + " ranks, but is "
              + rank
              + from(origins, "rank"));
    }
    if (rootInfo.toString().isEmpty()) {
      throw new IllegalArgumentException("rootInfo must not be empty" + from(origins, "rootInfo"));
    }
    if (backend.isPresent() && backend.get().isBlank()) {
      throw new IllegalArgumentException("backend must not be blank" + from(origins, "backend"));
    }
    timeout = new WaitLimit(timeout, origins.getOrDefault("timeout", ARGUMENT)).duration();
  }

  private static String from(Map<String, String> origins, String component) {
    String origin = origins.get(component);
    return origin == null ? "" : " (from " + origin + ")";
  }

  /**
   * A configuration with defaults for the rest.
   *
   * @param rank this rank, 0 ≤ rank &lt; size
   * @param size number of ranks, 1 to 64
   * @param rootInfo the file through which the ranks find each other
   * @return the configuration
   * @throws IllegalArgumentException if a value is out of its range
   */
  public static CommConfig of(int rank, int size, Path rootInfo) {
    return new CommConfig(
        rank,
        size,
        rootInfo,
        Optional.empty(),
        OptionalLong.empty(),
        DEFAULT_TIMEOUT,
        Map.of(),
        Map.of("timeout", DEFAULT));
  }

  /**
   * The configuration that the launcher of this process has set: system properties {@code comm.*},
   * then environment variables {@code COMM_*}, then those of torchrun, Open MPI, MPICH or another
   * PMI, and Slurm, in this order. {@code docs/configuration.md} has the whole table.
   *
   * @return the configuration
   * @throws IllegalArgumentException if no launcher is recognised, or a value is missing or wrong;
   *     the message names the variable, its value and what is allowed
   */
  public static CommConfig fromEnvironment() {
    Map<String, String> properties = new TreeMap<>();
    for (String key : System.getProperties().stringPropertyNames()) {
      properties.put(key, System.getProperty(key));
    }
    return from(System.getenv(), properties);
  }

  /**
   * The same as {@link #fromEnvironment()}, from given maps.
   *
   * @param environment environment variables
   * @param systemProperties system properties
   * @return the configuration
   * @throws IllegalArgumentException as {@link #fromEnvironment()}
   */
  public static CommConfig from(
      Map<String, String> environment, Map<String, String> systemProperties) {
    return new EnvironmentReader(environment, systemProperties).read();
  }

  /**
   * The same with another backend.
   *
   * @param name the backend's name
   * @return a copy
   * @throws IllegalArgumentException if the name is blank
   */
  public CommConfig withBackend(String name) {
    return new CommConfig(
        rank,
        size,
        rootInfo,
        Optional.of(name),
        stream,
        timeout,
        properties,
        without(origins, "backend"));
  }

  /**
   * The same with a stream of the caller's.
   *
   * @param handle the stream's native handle
   * @return a copy
   */
  public CommConfig withStream(long handle) {
    return new CommConfig(
        rank,
        size,
        rootInfo,
        backend,
        OptionalLong.of(handle),
        timeout,
        properties,
        without(origins, "stream"));
  }

  /**
   * The same with another timeout.
   *
   * @param limit how long calls wait for other ranks; positive
   * @return a copy
   * @throws IllegalArgumentException if the limit isn't positive or is longer than 365 days
   */
  public CommConfig withTimeout(Duration limit) {
    return new CommConfig(
        rank, size, rootInfo, backend, stream, limit, properties, without(origins, "timeout"));
  }

  /**
   * The same with one more setting of a backend.
   *
   * @param key the backend's name, a dot and the setting
   * @param value its value
   * @return a copy
   * @throws IllegalArgumentException if the key has no backend's name in front
   */
  public CommConfig withProperty(String key, String value) {
    if (key.indexOf('.') < 1) {
      throw new IllegalArgumentException(
          "a backend's setting is called <backend>.<setting>, but this is \"" + key + "\"");
    }
    Map<String, String> more = new TreeMap<>(properties);
    more.put(key, value);
    return new CommConfig(rank, size, rootInfo, backend, stream, timeout, more, origins);
  }

  private static Map<String, String> without(Map<String, String> map, String key) {
    Map<String, String> rest = new TreeMap<>(map);
    rest.remove(key);
    return rest;
  }

  /** The timeout as calls take it, with its origin. */
  WaitLimit waitLimit() {
    return new WaitLimit(timeout, origins.getOrDefault("timeout", ARGUMENT));
  }
}

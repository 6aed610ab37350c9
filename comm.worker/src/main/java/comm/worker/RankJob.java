package comm.worker;

import static java.util.Objects.requireNonNull;

import comm.api.CommContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What to run and how. Immutable; {@code with…} methods return changed copies.
 *
 * <pre>{@code
 * RankJob job = RankJob.of(4, RankProgram.parse("com.acme.solver/com.acme.solver.Main"))
 *     .withArguments(List.of("--steps", "100"))
 *     .withTimeLimit(Duration.ofMinutes(5));
 * }</pre>
 *
 * @param size number of ranks, 1 to {@value CommContext#MAX_RANKS}
 * @param program what every rank runs
 * @param arguments what its {@code main} gets
 * @param backend name of the backend that the ranks are told to use ({@code COMM_BACKEND}); if
 *     empty, what the launcher's environment says
 * @param waitTimeout how long a rank may wait for other ranks ({@code COMM_TIMEOUT}), at least a
 *     millisecond; if empty, what the launcher's environment says
 * @param timeLimit how long the whole job may take before it is stopped; if empty, as long as it
 *     needs
 * @param jvmOptions more options for each rank's JVM, such as {@code -Xmx1g}; they come after the
 *     launcher's own
 * @param classPath more entries for the ranks' class path, behind the launcher's own
 * @param modulePath more entries for the ranks' module path, behind the launcher's own
 * @param environment variables to set on top of the launcher's environment
 * @param grace how long the other ranks may take to fail by themselves after one has failed, and
 *     again how long they may take to end once they are told to, before they are killed
 */
public record RankJob(
    int size,
    RankProgram program,
    List<String> arguments,
    Optional<String> backend,
    Optional<Duration> waitTimeout,
    Optional<Duration> timeLimit,
    List<String> jvmOptions,
    List<Path> classPath,
    List<Path> modulePath,
    Map<String, String> environment,
    Duration grace) {

  /** How long ranks may take to end where nothing else is said. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

  /** What the launcher itself says to each rank. */
  private static final Set<String> RESERVED = Set.of("COMM_RANK", "COMM_SIZE", "COMM_ROOTINFO");

  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Copies the collections and checks the values.
   *
   * @throws IllegalArgumentException if the size is not 1 to 64, a duration isn't positive (the
   *     grace may be zero) or is longer than 365 days, the backend's name is blank, or the
   *     environment has a variable that the launcher sets
   */
  public RankJob {
    requireNonNull(program, "program");
    arguments = List.copyOf(arguments);
    jvmOptions = List.copyOf(jvmOptions);
    classPath = List.copyOf(classPath);
    modulePath = List.copyOf(modulePath);
    environment = Map.copyOf(environment);
    if (size < 1 || size > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException(
          "size must be 1 to " + CommContext.MAX_RANKS + " ranks, but is " + size);
    }
    if (backend.isPresent() && backend.get().isBlank()) {
      throw new IllegalArgumentException("backend must not be blank");
    }
    waitTimeout.ifPresent(timeout -> check("waitTimeout", timeout, Duration.ofMillis(1)));
    timeLimit.ifPresent(limit -> check("timeLimit", limit, Duration.ofMillis(1)));
    check("grace", grace, Duration.ZERO);
    for (String name : environment.keySet()) {
      if (RESERVED.contains(name)) {
        throw new IllegalArgumentException(
            "environment must not set " + name + ": each rank gets its own from the launcher");
      }
    }
  }

  private static void check(String name, Duration value, Duration shortest) {
    if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name
              + " must be "
              + shortest.toMillis()
              + " ms to "
              + LONGEST.toDays()
              + " days, but is "
              + value);
    }
  }

  /**
   * A job with defaults for the rest.
   *
   * @param size number of ranks, 1 to 64
   * @param program what every rank runs
   * @return the job
   * @throws IllegalArgumentException if the size is out of its range
   */
  public static RankJob of(int size, RankProgram program) {
    return new RankJob(
        size,
        program,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        DEFAULT_GRACE);
  }

  /**
   * The same with other arguments for the program.
   *
   * @param values what {@code main} gets
   * @return a copy
   */
  public RankJob withArguments(List<String> values) {
    return new RankJob(
        size,
        program,
        values,
        backend,
        waitTimeout,
        timeLimit,
        jvmOptions,
        classPath,
        modulePath,
        environment,
        grace);
  }

  /**
   * The same with another backend.
   *
   * @param name the backend's name
   * @return a copy
   * @throws IllegalArgumentException if the name is blank
   */
  public RankJob withBackend(String name) {
    return new RankJob(
        size,
        program,
        arguments,
        Optional.of(name),
        waitTimeout,
        timeLimit,
        jvmOptions,
        classPath,
        modulePath,
        environment,
        grace);
  }

  /**
   * The same with another limit for each wait of a rank for its peers.
   *
   * @param timeout the limit, 1 ms to 365 days; the ranks get it in whole milliseconds
   * @return a copy
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public RankJob withWaitTimeout(Duration timeout) {
    return new RankJob(
        size,
        program,
        arguments,
        backend,
        Optional.of(timeout),
        timeLimit,
        jvmOptions,
        classPath,
        modulePath,
        environment,
        grace);
  }

  /**
   * The same with another limit for the whole job.
   *
   * @param limit the limit, 1 ms to 365 days
   * @return a copy
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public RankJob withTimeLimit(Duration limit) {
    return new RankJob(
        size,
        program,
        arguments,
        backend,
        waitTimeout,
        Optional.of(limit),
        jvmOptions,
        classPath,
        modulePath,
        environment,
        grace);
  }

  /**
   * The same with other options for the ranks' JVMs.
   *
   * @param options one a string, as the {@code java} command takes them
   * @return a copy
   */
  public RankJob withJvmOptions(List<String> options) {
    return new RankJob(
        size,
        program,
        arguments,
        backend,
        waitTimeout,
        timeLimit,
        options,
        classPath,
        modulePath,
        environment,
        grace);
  }

  /**
   * The same with other paths beside the launcher's own.
   *
   * @param moreClassPath jars and directories of classes
   * @param moreModulePath modules and directories of modules
   * @return a copy
   */
  public RankJob withPaths(List<Path> moreClassPath, List<Path> moreModulePath) {
    return new RankJob(
        size,
        program,
        arguments,
        backend,
        waitTimeout,
        timeLimit,
        jvmOptions,
        moreClassPath,
        moreModulePath,
        environment,
        grace);
  }

  /**
   * The same with one more environment variable.
   *
   * @param name its name, none of {@code COMM_RANK}, {@code COMM_SIZE} and {@code COMM_ROOTINFO}
   * @param value its value
   * @return a copy
   * @throws IllegalArgumentException if the launcher sets this variable
   */
  public RankJob withEnvironment(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new RankJob(
        size,
        program,
        arguments,
        backend,
        waitTimeout,
        timeLimit,
        jvmOptions,
        classPath,
        modulePath,
        more,
        grace);
  }

  /**
   * The same with another grace.
   *
   * @param time the grace, 0 to 365 days
   * @return a copy
   * @throws IllegalArgumentException if it is out of its range
   */
  public RankJob withGrace(Duration time) {
    return new RankJob(
        size,
        program,
        arguments,
        backend,
        waitTimeout,
        timeLimit,
        jvmOptions,
        classPath,
        modulePath,
        environment,
        time);
  }
}

package comm.testkit;

import static java.util.Objects.requireNonNull;

import comm.api.CommContext;
import comm.api.spi.CommBackend;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A backend with what a test must know of it: what its ranks are, what it can do, and what it
 * needs. Immutable.
 *
 * @param label names it in reports
 * @param name under which {@link java.util.ServiceLoader} finds it
 * @param instance the backend itself, if it isn't to be looked for; ranks are threads then
 * @param mode what the ranks are
 * @param capabilities what it can do
 * @param properties its settings, keys without its name in front
 * @param environment variables of rank processes
 * @param jvmOptions options of rank processes
 * @param maxRanks how many ranks a test may have, 1 to 64
 * @param places directories where it keeps files while it runs, and must leave none
 */
public record BackendUnderTest(
    String label,
    String name,
    Optional<CommBackend> instance,
    RankMode mode,
    Set<Capability> capabilities,
    Map<String, String> properties,
    Map<String, String> environment,
    List<String> jvmOptions,
    int maxRanks,
    List<Path> places) {

  private static final int PROCESSES = 4;

  /** Copies the collections and checks the values. */
  public BackendUnderTest {
    requireNonNull(label, "label");
    requireNonNull(name, "name");
    requireNonNull(instance, "instance");
    requireNonNull(mode, "mode");
    capabilities = Set.copyOf(capabilities);
    properties = Map.copyOf(properties);
    environment = Map.copyOf(environment);
    jvmOptions = List.copyOf(jvmOptions);
    places = List.copyOf(places);
    if (maxRanks < 1 || maxRanks > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException("maxRanks must be 1 to 64, but is " + maxRanks);
    }
    if (instance.isPresent() && mode == RankMode.PROCESSES) {
      throw new IllegalArgumentException(
          "a backend that is given as an object has threads as ranks; processes find theirs by"
              + " name");
    }
  }

  private static BackendUnderTest of(
      String name, Optional<CommBackend> instance, RankMode mode, int maxRanks) {
    return new BackendUnderTest(
        name + " (" + mode + ")",
        name,
        instance,
        mode,
        EnumSet.allOf(Capability.class),
        Map.of(),
        Map.of(),
        List.of(),
        maxRanks,
        List.of());
  }

  /**
   * A backend on the path whose ranks are threads of the test's JVM.
   *
   * @param name its name
   * @return with all capabilities and up to 64 ranks
   */
  public static BackendUnderTest threads(String name) {
    return of(name, Optional.empty(), RankMode.THREADS, CommContext.MAX_RANKS);
  }

  /**
   * A backend on the path whose ranks are processes.
   *
   * @param name its name
   * @return with all capabilities and up to 4 ranks
   */
  public static BackendUnderTest processes(String name) {
    return of(name, Optional.empty(), RankMode.PROCESSES, PROCESSES);
  }

  /**
   * A backend that needn't be on the path.
   *
   * @param backend shared by all ranks, which are threads
   * @return with all capabilities and up to 64 ranks
   */
  public static BackendUnderTest object(CommBackend backend) {
    return of(backend.name(), Optional.of(backend), RankMode.THREADS, CommContext.MAX_RANKS);
  }

  /**
   * With another label.
   *
   * @param text for reports
   * @return a changed copy
   */
  public BackendUnderTest labelled(String text) {
    return new BackendUnderTest(
        text,
        name,
        instance,
        mode,
        capabilities,
        properties,
        environment,
        jvmOptions,
        maxRanks,
        places);
  }

  /**
   * With fewer capabilities.
   *
   * @param lacking what the backend can't do
   * @return a changed copy
   */
  public BackendUnderTest without(Capability... lacking) {
    Set<Capability> left =
        capabilities.stream()
            .filter(one -> !Set.of(lacking).contains(one))
            .collect(Collectors.toSet());
    return new BackendUnderTest(
        label, name, instance, mode, left, properties, environment, jvmOptions, maxRanks, places);
  }

  /**
   * With a setting of the backend.
   *
   * @param key without the backend's name in front
   * @param value its value
   * @return a changed copy
   */
  public BackendUnderTest withProperty(String key, String value) {
    return new BackendUnderTest(
        label,
        name,
        instance,
        mode,
        capabilities,
        plus(properties, key, value),
        environment,
        jvmOptions,
        maxRanks,
        places);
  }

  /**
   * With an environment variable of rank processes.
   *
   * @param variable its name
   * @param value its value
   * @return a changed copy
   */
  public BackendUnderTest withEnvironment(String variable, String value) {
    return new BackendUnderTest(
        label,
        name,
        instance,
        mode,
        capabilities,
        properties,
        plus(environment, variable, value),
        jvmOptions,
        maxRanks,
        places);
  }

  /**
   * With options of the JVMs of rank processes.
   *
   * @param options behind those that are there
   * @return a changed copy
   */
  public BackendUnderTest withJvmOptions(String... options) {
    return new BackendUnderTest(
        label,
        name,
        instance,
        mode,
        capabilities,
        properties,
        environment,
        Stream.concat(jvmOptions.stream(), Stream.of(options)).toList(),
        maxRanks,
        places);
  }

  /**
   * With another largest number of ranks.
   *
   * @param ranks 1 to 64
   * @return a changed copy
   */
  public BackendUnderTest withMaxRanks(int ranks) {
    return new BackendUnderTest(
        label,
        name,
        instance,
        mode,
        capabilities,
        properties,
        environment,
        jvmOptions,
        ranks,
        places);
  }

  /**
   * With a directory in which the backend must leave nothing, such as {@code /dev/shm}. That of the
   * root info file is always looked at.
   *
   * @param directory that exists
   * @return a changed copy
   */
  public BackendUnderTest withPlace(Path directory) {
    return new BackendUnderTest(
        label,
        name,
        instance,
        mode,
        capabilities,
        properties,
        environment,
        jvmOptions,
        maxRanks,
        Stream.concat(places.stream(), Stream.of(directory)).toList());
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }

  /**
   * Whether the backend can do something.
   *
   * @param capability what
   * @return true if it has been declared
   */
  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /** {@return the label} */
  @Override
  public String toString() {
    return label;
  }
}

package comm.worker;

import static java.util.Objects.requireNonNull;

import comm.api.CommConfig;
import comm.api.CommContext;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.kernel.HostRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a {@link Worker} is launched. Begin with {@link Worker#builder}; the chips must be named,
 * everything else has a default. For one thread.
 */
public final class WorkerBuilder {

  /** How long all chips together may take to come up where nothing else is said. */
  public static final Duration DEFAULT_STARTUP_TIMEOUT = Duration.ofMinutes(2);

  /** How long a task or a copy may take where nothing else is said. */
  public static final Duration DEFAULT_TASK_TIMEOUT = Duration.ofHours(1);

  /** How long chips may take to end where nothing else is said, before they are killed. */
  public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<Integer> deviceIds = new ArrayList<>();
  private final List<ChipBootstrapConfig> configs = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private Optional<HostRuntime> runtime = Optional.empty();
  private Optional<String> backend = Optional.empty();
  private Duration waitTimeout = CommConfig.DEFAULT_TIMEOUT;
  private Duration startupTimeout = DEFAULT_STARTUP_TIMEOUT;
  private Duration taskTimeout = DEFAULT_TASK_TIMEOUT;
  private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
  private List<String> jvmOptions = List.of();
  private RankOutput output =
      (chip, isError, line) ->
          (isError ? System.err : System.out).println("[" + chip + "] " + line);

  WorkerBuilder() {}

  /**
   * Adds a chip.
   *
   * @param deviceId its device, at least 0
   * @param config how it is brought up
   * @return this
   * @throws IllegalArgumentException if the device's number is negative
   */
  public WorkerBuilder chip(int deviceId, ChipBootstrapConfig config) {
    if (deviceId < 0) {
      throw new IllegalArgumentException("device id must be at least 0, but is " + deviceId);
    }
    deviceIds.add(deviceId);
    configs.add(requireNonNull(config, "config"));
    return this;
  }

  /**
   * Adds chips, a configuration each.
   *
   * @param devices their devices
   * @param bootstraps how they are brought up
   * @return this
   * @throws IllegalArgumentException if the numbers differ, or a device's number is negative
   */
  public WorkerBuilder chips(List<Integer> devices, List<ChipBootstrapConfig> bootstraps) {
    if (devices.size() != bootstraps.size()) {
      throw new IllegalArgumentException(
          "each chip needs a device and a configuration, but there are "
              + devices.size()
              + " devices and "
              + bootstraps.size()
              + " configurations");
    }
    for (int i = 0; i < devices.size(); i++) {
      chip(devices.get(i), bootstraps.get(i));
    }
    return this;
  }

  /**
   * Adds chips on devices 0 to {@code count - 1} that are the ranks of one communicator and have
   * the same buffers in their windows.
   *
   * @param count number of chips, 1 to 64
   * @param windowSize bytes of each window, at least 1
   * @param buffers what is carved out of each window
   * @return this
   * @throws IllegalArgumentException if a number is out of its range
   */
  public WorkerBuilder ranks(int count, long windowSize, ChipBufferSpec... buffers) {
    if (count < 1) {
      throw new IllegalArgumentException("a communicator needs at least 1 rank, not " + count);
    }
    for (int rank = 0; rank < count; rank++) {
      chip(
          rank,
          ChipBootstrapConfig.of(
              new ChipCommBootstrapConfig(rank, count, Optional.empty(), windowSize), buffers));
    }
    return this;
  }

  /**
   * Puts the chips on a native host runtime; otherwise each is in the JVM of its process.
   *
   * @param hostRuntime the runtime's libraries
   * @return this
   */
  public WorkerBuilder runtime(HostRuntime hostRuntime) {
    runtime = Optional.of(hostRuntime);
    return this;
  }

  /**
   * Chooses the backend of the chips' communicator; otherwise {@code COMM_BACKEND} or the only
   * usable one.
   *
   * @param name its name
   * @return this
   */
  public WorkerBuilder backend(String name) {
    backend = Optional.of(name);
    return this;
  }

  /**
   * Limits how long a chip may wait for other ranks.
   *
   * @param limit 1 ms to 365 days; 2 minutes unless it is said
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public WorkerBuilder waitTimeout(Duration limit) {
    waitTimeout = checked("waitTimeout", limit);
    return this;
  }

  /**
   * Limits how long all chips together may take to come up.
   *
   * @param limit 1 ms to 365 days; 2 minutes unless it is said
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public WorkerBuilder startupTimeout(Duration limit) {
    startupTimeout = checked("startupTimeout", limit);
    return this;
  }

  /**
   * Limits how long a task, or one part of a copy, may take. A chip that takes longer is lost, and
   * the worker with it.
   *
   * @param limit 1 ms to 365 days; 1 hour unless it is said
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public WorkerBuilder taskTimeout(Duration limit) {
    taskTimeout = checked("taskTimeout", limit);
    return this;
  }

  /**
   * Limits how long chips may take to end when the worker is closed, before they are killed.
   *
   * @param limit 1 ms to 365 days; 10 s unless it is said
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public WorkerBuilder closeTimeout(Duration limit) {
    closeTimeout = checked("closeTimeout", limit);
    return this;
  }

  private static Duration checked(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be 1 ms to 365 days, but is " + value);
    }
    return value;
  }

  /**
   * Sets options of the chips' JVMs.
   *
   * @param options one a string, as the {@code java} command takes them
   * @return this
   */
  public WorkerBuilder jvmOptions(List<String> options) {
    jvmOptions = List.copyOf(options);
    return this;
  }

  /**
   * Sets a variable in the environment of the chips' processes.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public WorkerBuilder environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * Takes what the chips' processes print; otherwise it is printed here, with the chip in front.
   *
   * @param receiver told the chip instead of the rank
   * @return this
   */
  public WorkerBuilder output(RankOutput receiver) {
    output = requireNonNull(receiver, "receiver");
    return this;
  }

  /**
   * Launches the chips and waits until all of them have come up, at most as long as the startup
   * timeout.
   *
   * @return the worker; close it
   * @throws IllegalArgumentException if there are not 1 to 64 chips; nothing has been started
   * @throws RemoteChipException if a chip could not be brought up
   * @throws ChipDiedException if the process of a chip ended
   * @throws WorkerTimeoutException if not all came up in time
   * @throws WorkerException if this thread is interrupted; when any of these is thrown, all the
   *     processes have been killed and nothing is left
   * @throws IOException if a process can't be started
   */
  public Worker open() throws IOException {
    if (configs.isEmpty() || configs.size() > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException(
          "a worker has 1 to " + CommContext.MAX_RANKS + " chips, but here are " + configs.size());
    }
    Settings settings =
        new Settings(
            List.copyOf(deviceIds),
            List.copyOf(configs),
            runtime,
            backend,
            waitTimeout,
            startupTimeout,
            taskTimeout,
            closeTimeout,
            jvmOptions,
            Map.copyOf(environment));
    return Worker.open(settings, output);
  }

  /** What was said, settled. */
  record Settings(
      List<Integer> deviceIds,
      List<ChipBootstrapConfig> configs,
      Optional<HostRuntime> runtime,
      Optional<String> backend,
      Duration waitTimeout,
      Duration startupTimeout,
      Duration taskTimeout,
      Duration closeTimeout,
      List<String> jvmOptions,
      Map<String, String> environment) {

    int chips() {
      return configs.size();
    }

    /** Whether each process and the worker can have a processor of its own. */
    boolean spins() {
      return chips() < Runtime.getRuntime().availableProcessors();
    }
  }
}

package comm.worker.runtime;

import comm.worker.kernel.HostRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the backend {@code runtime} was told.
 *
 * @param runtime the host runtime, empty if none is named
 * @param deviceMemory whether windows are on a device, and not in this process's memory
 * @param device the device that they are on
 */
record RuntimeSettings(Optional<HostRuntime> runtime, boolean deviceMemory, int device) {

  private static final String LIBRARY = "library";
  private static final String SIM_CONTEXT = "simContext";
  private static final String MEMORY = "memory";
  private static final String DEVICE = "device";
  private static final List<String> KEYS = List.of(LIBRARY, SIM_CONTEXT, MEMORY, DEVICE);

  /** What to do if no host runtime is named. */
  static final String NAME_ONE =
      "name the host runtime's library: setting "
          + RuntimeBackend.NAME
          + "."
          + LIBRARY
          + ", or environment variable "
          + HostRuntime.LIBRARY_VARIABLE;

  /**
   * Reads settings. A runtime that a property names is not mixed with what the environment says.
   *
   * @throws IllegalArgumentException if there are settings that the backend doesn't have, or values
   *     out of range
   */
  static RuntimeSettings of(
      Map<String, String> properties, Map<String, String> environment, int rank) {
    for (String key : properties.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "backend runtime has no setting \"runtime." + key + "\"; it has " + KEYS);
      }
    }
    Optional<HostRuntime> runtime =
        Optional.ofNullable(properties.get(LIBRARY))
            .map(library -> HostRuntime.of(Path.of(library)))
            .or(() -> HostRuntime.fromEnvironment(environment));
    String simContext = properties.get(SIM_CONTEXT);
    if (simContext != null) {
      runtime = runtime.map(named -> named.withSimContext(Path.of(simContext)));
    }
    boolean simulated = runtime.flatMap(HostRuntime::simContext).isPresent();
    return new RuntimeSettings(
        runtime, deviceMemory(properties, simulated), device(properties, rank));
  }

  private static boolean deviceMemory(Map<String, String> properties, boolean simulated) {
    String value = properties.getOrDefault(MEMORY, simulated ? "host" : "device");
    if (!value.equals("host") && !value.equals("device")) {
      throw new IllegalArgumentException(
          "runtime.memory must be host or device, but is \"" + value + "\"");
    }
    return value.equals("device");
  }

  private static int device(Map<String, String> properties, int rank) {
    String value = properties.get(DEVICE);
    if (value == null) {
      return rank;
    }
    try {
      int device = Integer.parseInt(value);
      if (device >= 0) {
        return device;
      }
    } catch (NumberFormatException e) {
      // refused below, like a number that is too small
    }
    throw new IllegalArgumentException(
        "runtime.device must be a number from 0 on, but is \"" + value + "\"");
  }
}

package comm.worker.kernel;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A native host runtime ({@code libhost_runtime.so}) and what belongs to it.
 *
 * @param library the runtime's library
 * @param simContext the library that a runtime for a simulated chip needs before it ({@code
 *     libcpu_sim_context.so}); loaded globally, once a process, and never unloaded
 * @param aicpu the binary for the device's AI CPU, handed to each run; empty for none
 * @param aicore the binary for the device's AI cores, handed to each run; empty for none
 */
public record HostRuntime(
    Path library, Optional<Path> simContext, Optional<Path> aicpu, Optional<Path> aicore) {

  /** The environment variable that names a host runtime's library. */
  public static final String LIBRARY_VARIABLE = "COMM_HOST_RUNTIME";

  /** The environment variable that names the library which a simulated chip's runtime needs. */
  public static final String SIM_CONTEXT_VARIABLE = "COMM_SIM_CONTEXT";

  /** Checks that nothing is null. */
  public HostRuntime {
    requireNonNull(library, "library");
    requireNonNull(simContext, "simContext");
    requireNonNull(aicpu, "aicpu");
    requireNonNull(aicore, "aicore");
  }

  /**
   * A runtime without binaries for the device.
   *
   * @param library the runtime's library
   * @return the runtime
   */
  public static HostRuntime of(Path library) {
    return new HostRuntime(library, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * The runtime that an environment names, if it names one.
   *
   * @param environment such as {@code System.getenv()}
   * @return the runtime, empty if {@value #LIBRARY_VARIABLE} is not set
   */
  public static Optional<HostRuntime> fromEnvironment(Map<String, String> environment) {
    String library = environment.getOrDefault(LIBRARY_VARIABLE, "");
    String context = environment.getOrDefault(SIM_CONTEXT_VARIABLE, "");
    return library.isBlank()
        ? Optional.empty()
        : Optional.of(
            new HostRuntime(
                Path.of(library),
                context.isBlank() ? Optional.empty() : Optional.of(Path.of(context)),
                Optional.empty(),
                Optional.empty()));
  }

  /**
   * The same with the library that a simulated chip's runtime needs.
   *
   * @param context such as {@code libcpu_sim_context.so}
   * @return a copy
   */
  public HostRuntime withSimContext(Path context) {
    return new HostRuntime(library, Optional.of(context), aicpu, aicore);
  }
}

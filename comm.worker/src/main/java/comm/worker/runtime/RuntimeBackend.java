package comm.worker.runtime;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.worker.kernel.HostRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The provider: communicators of a native host runtime, so that Java ranks sit in one communicator
 * with C++ and Python ranks that use the same runtime.
 *
 * <p>Settings: {@code library} and {@code simContext} name the runtime, or else the environment
 * does ({@value HostRuntime#LIBRARY_VARIABLE}, {@value HostRuntime#SIM_CONTEXT_VARIABLE}). {@code
 * memory} is {@code host} where windows are in memory that processes share, as on a simulated chip,
 * and {@code device} where they are not; {@code host} is the default if a {@code simContext} is
 * named. {@code device} is the device whose memory they are in, the rank's number unless set.
 *
 * <p>What the runtime can't do, the backend can't either: nobody learns of a rank that died before
 * a limit passes, and a call of the runtime can't be ended once it began. A limit, an interrupt or
 * a close ends the wait for it, and the session with it.
 */
public final class RuntimeBackend implements CommBackend {

  /** The name of this backend. */
  public static final String NAME = "runtime";

  /** Does nothing, as the service asks. */
  public RuntimeBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return availability(Map.of());
  }

  @Override
  public Availability availability(Map<String, String> properties) {
    return availability(properties, System.getenv());
  }

  static Availability availability(
      Map<String, String> properties, Map<String, String> environment) {
    Optional<HostRuntime> named;
    try {
      named = RuntimeSettings.of(properties, environment, 0).runtime();
    } catch (IllegalArgumentException e) {
      return new Availability.Unavailable(String.valueOf(e.getMessage()), RuntimeSettings.NAME_ONE);
    }
    if (named.isEmpty()) {
      return new Availability.Unavailable("no host runtime is named", RuntimeSettings.NAME_ONE);
    }
    HostRuntime runtime = named.get();
    if (!Files.isReadable(runtime.library())) {
      return missing("the library", runtime.library());
    }
    Optional<Path> context = runtime.simContext();
    if (context.isPresent() && !Files.isReadable(context.get())) {
      return missing("the context library", context.get());
    }
    return new Availability.Available("host runtime " + runtime.library());
  }

  private static Availability missing(String what, Path path) {
    return new Availability.Unavailable(
        what + " of the host runtime is not a file that this user can read: " + path,
        "build the runtime there, or " + RuntimeSettings.NAME_ONE);
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    RuntimeSettings settings =
        RuntimeSettings.of(request.properties(), System.getenv(), request.rank());
    if (settings.runtime().isEmpty()) {
      throw new BackendFailure(
          new Failure.NativeCall(
              "dlopen", 0, "", "no host runtime is named", RuntimeSettings.NAME_ONE),
          Duration.ZERO);
    }
    return RuntimeSession.open(request, settings, settings.runtime().get());
  }
}

package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.Availability;
import comm.worker.kernel.HostRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which host runtime the backend takes, and how it reaches windows. */
class RuntimeSettingsTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("COMM_HOST_RUNTIME", "/env/lib.so", "COMM_SIM_CONTEXT", "/env/context.so");

  @Test
  void takes_the_runtime_that_the_environment_names() {
    RuntimeSettings settings = RuntimeSettings.of(Map.of(), ENVIRONMENT, 2);
    HostRuntime runtime = settings.runtime().orElseThrow();
    assertEquals(Path.of("/env/lib.so"), runtime.library());
    assertEquals(Optional.of(Path.of("/env/context.so")), runtime.simContext());
    assertFalse(settings.deviceMemory());
    assertEquals(2, settings.device());
  }

  @Test
  void a_property_replaces_the_runtime_and_its_context() {
    RuntimeSettings settings =
        RuntimeSettings.of(Map.of("library", "/other.so", "device", "5"), ENVIRONMENT, 2);
    HostRuntime runtime = settings.runtime().orElseThrow();
    assertEquals(Path.of("/other.so"), runtime.library());
    assertEquals(Optional.empty(), runtime.simContext());
    assertTrue(settings.deviceMemory());
    assertEquals(5, settings.device());
  }

  @Test
  void memory_is_chosen_by_name() {
    assertTrue(RuntimeSettings.of(Map.of("memory", "device"), ENVIRONMENT, 0).deviceMemory());
    assertFalse(
        RuntimeSettings.of(Map.of("library", "/a.so", "memory", "host"), Map.of(), 0)
            .deviceMemory());
  }

  @Test
  void refuses_what_it_does_not_have() {
    for (Map<String, String> wrong :
        List.of(Map.of("libary", "x"), Map.of("memory", "gpu"), Map.of("device", "-1"))) {
      String key = wrong.keySet().iterator().next();
      IllegalArgumentException failure =
          assertThrows(
              IllegalArgumentException.class, () -> RuntimeSettings.of(wrong, Map.of(), 0));
      assertTrue(String.valueOf(failure.getMessage()).contains("runtime." + key));
    }
  }

  @Test
  void is_unavailable_unless_its_files_are_there() {
    Availability none = RuntimeBackend.availability(Map.of(), Map.of());
    assertTrue(
        assertInstanceOf(Availability.Unavailable.class, none)
            .advice()
            .contains("COMM_HOST_RUNTIME"));
    Availability missing = RuntimeBackend.availability(Map.of(), ENVIRONMENT);
    assertTrue(
        assertInstanceOf(Availability.Unavailable.class, missing).reason().contains("/env/lib.so"));
    HostRuntime built = NativeRuntime.named("full");
    String library = built.library().toString();
    assertInstanceOf(
        Availability.Unavailable.class,
        RuntimeBackend.availability(
            Map.of(), Map.of("COMM_HOST_RUNTIME", library, "COMM_SIM_CONTEXT", "/none.so")));
    assertInstanceOf(
        Availability.Available.class,
        RuntimeBackend.availability(Map.of(), Map.of("COMM_HOST_RUNTIME", library)));
    assertInstanceOf(
        Availability.Available.class,
        RuntimeBackend.availability(Map.of("library", library), Map.of()));
    assertInstanceOf(
        Availability.Unavailable.class,
        RuntimeBackend.availability(Map.of("nosuch", ""), Map.of()));
  }
}

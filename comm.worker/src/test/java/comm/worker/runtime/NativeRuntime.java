package comm.worker.runtime;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import comm.worker.kernel.HostRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The host runtime of {@code src/test/c}, built once, and its switches. */
final class NativeRuntime {

  private static final int RTLD_LAZY = 1;

  private static final Path DIRECTORY = build();

  private final HostRuntime runtime;
  private final NativeLibrary library;

  private NativeRuntime(HostRuntime runtime) {
    this.runtime = runtime;
    LoadedLibrary.openContext(runtime.simContext().orElseThrow());
    // other flags than the code under test: a handle of its own, which keeps the counters alive
    library =
        NativeLibrary.getInstance(
            runtime.library().toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY));
  }

  private static Path build() {
    try {
      Path directory = Files.createTempDirectory("host-runtime");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      Path script = Path.of(System.getProperty("basedir", ""), "src/test/c/build").toAbsolutePath();
      Process build =
          new ProcessBuilder("sh", script.toString(), directory.toString()).inheritIO().start();
      if (!build.waitFor(120, TimeUnit.SECONDS) || build.exitValue() != 0) {
        build.destroyForcibly();
        throw new IllegalStateException(script + " failed");
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the build. */
  static Path file(String name) {
    return DIRECTORY.resolve(name);
  }

  /** A variant with the context it needs, for the code under test to load. */
  static HostRuntime named(String variant) {
    return HostRuntime.of(file(variant + "/libhost_runtime.so"))
        .withSimContext(file("full/libcpu_sim_context.so"));
  }

  /** A variant that is loaded, so that its switches can be used. */
  static NativeRuntime of(String variant) {
    return new NativeRuntime(named(variant));
  }

  HostRuntime runtime() {
    return runtime;
  }

  /** How many there are of contexts, allocations, streams or comms. */
  int live(String kind) {
    return library.getFunction("runtime_live").invokeInt(new Object[] {kind});
  }

  /** Everything that is alive, 0 after a proper end. */
  int live() {
    return live("contexts") + live("allocations") + live("streams") + live("comms");
  }

  /** Changes a setting. */
  void set(String key, String value) {
    if (library.getFunction("runtime_set").invokeInt(new Object[] {key, value}) != 0) {
      throw new IllegalArgumentException(key);
    }
  }

  /** Makes symbols fail, as {@code symbol=code,…}. */
  void fail(String faults) {
    set("fail", faults);
  }

  /** No faults, and the settings as they were. */
  void reset() {
    fail("");
    set("wait_ms", "");
    set("collective_init", "");
  }
}

package comm.tests.hccl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.testkit.BackendUnderTest;
import comm.testkit.Capability;
import comm.testkit.Eventually;
import comm.tests.Project;
import comm.worker.RankJob;
import comm.worker.RankProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The C double of CANN's libraries, built once by the system's compiler, and one directory of a
 * test in which its devices have their memory. Without a compiler tests are skipped, and say so.
 */
final class CannDouble {

  /** CANN versions that differ in which library has what. */
  static final String OLD = "8.1";

  static final String NEW = "8.5";
  static final String NEWEST = "9.2";

  /** A SoC with a fabric between servers, and one without. */
  static final String A3 = "Ascend910_9392";

  static final String A2 = "Ascend910B1";

  private static final Duration BUILD_LIMIT = Duration.ofMinutes(2);

  private static @Nullable Path built;

  private final Path directory;
  private final Map<String, String> environment = new TreeMap<>();

  private CannDouble(Path directory, String version, String soc) {
    this.directory = directory;
    environment.put("ASCEND_HOME_PATH", home(version).toString());
    environment.put("COMM_DOUBLE_DIR", directory.resolve("devices").toString());
    environment.put("COMM_DOUBLE_SOC", soc);
    environment.put("COMM_DOUBLE_LOG", "1");
    environment.put("HCCL_BUFFSIZE", "2");
  }

  /** The double of a version, with its state in a new directory below the one of the test. */
  static CannDouble of(String version, String soc, Path testDirectory) throws IOException {
    Path directory = Files.createTempDirectory(testDirectory, "double");
    Files.createDirectory(directory.resolve("devices"));
    return new CannDouble(directory, version, soc);
  }

  CannDouble with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  CannDouble faults(String faults) {
    return with("COMM_DOUBLE_FAULTS", faults);
  }

  /** A new home for CANN, as {@code ASCEND_HOME_PATH} names it. */
  static Path home(String version) {
    return build().resolve(version);
  }

  private static synchronized Path build() {
    Path known = built;
    if (known != null) {
      return known;
    }
    assumeTrue(hasCompiler(), "no C compiler (cc): the double of CANN can't be built");
    Path sources = Project.root().resolve("comm.backend.hccl/src/test/c");
    Path target = Project.root().resolve("comm.tests/target/cann-double");
    try {
      Files.createDirectories(target);
      Process build =
          new ProcessBuilder("sh", sources.resolve("build").toString(), target.toString())
              .redirectErrorStream(true)
              .redirectOutput(target.resolve("build.log").toFile())
              .start();
      boolean ended = build.waitFor(BUILD_LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (!ended || build.exitValue() != 0) {
        throw new AssertionError(Files.readString(target.resolve("build.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    built = target;
    return target;
  }

  private static boolean hasCompiler() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "cc")));
  }

  /** A job on it; its ranks meet in the test's directory. */
  RankJob job(int size, Class<?> program, List<String> options, String... arguments) {
    List<String> all = new ArrayList<>(options);
    all.add("-Dcomm.rootinfo=" + rootInfo());
    // Short-lived, many of them, and on few processors.
    all.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    RankJob job =
        RankJob.of(size, RankProgram.parse("comm.tests/" + program.getName()))
            .withBackend("hccl")
            .withArguments(List.of(arguments))
            .withWaitTimeout(Duration.ofMinutes(1))
            .withJvmOptions(all);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      job = job.withEnvironment(variable.getKey(), variable.getValue());
    }
    return job;
  }

  /** The backend on it, for the conformance kit. */
  BackendUnderTest backend() {
    BackendUnderTest backend =
        BackendUnderTest.processes("hccl")
            .without(
                Capability.RANKS_AS_THREADS,
                Capability.HOST_MEMORY,
                Capability.SAME_ADDRESSES,
                Capability.ATOMICS,
                Capability.SIGNAL_ADD);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      backend = backend.withEnvironment(variable.getKey(), variable.getValue());
    }
    return backend;
  }

  Path rootInfo() {
    return directory.resolve("ranks.rootinfo");
  }

  /** What a rank's process still held when it ended, by kind. */
  Map<String, Long> live(int rank) {
    Path file = directory.resolve("devices").resolve("live-" + rank);
    if (!Files.exists(file)) {
      // It never got as far as to initialise the libraries.
      return new TreeMap<>();
    }
    try {
      Map<String, Long> live = new TreeMap<>();
      for (String line : Files.readAllLines(file)) {
        // One line may be words: what was done that the real libraries punish in their own ways.
        String[] words = line.strip().split("\\s+", 2);
        boolean counts = words[1].matches("[0-9]+");
        live.put(counts ? words[0] : line, counts ? Long.parseLong(words[1]) : 1);
      }
      return live;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless all that was acquired has been given back, in the right order. */
  void assertNothingIsHeld(int size) {
    for (int rank = 0; rank < size; rank++) {
      Map<String, Long> live = live(rank);
      live.values().removeIf(count -> count == 0);
      assertEquals(Map.of(), live, "rank " + rank + " still holds");
    }
  }

  /** The native calls of a rank, in order: thread, function and what it returned. */
  List<String> calls(int rank) throws IOException {
    return Files.readAllLines(directory.resolve("devices").resolve("calls-" + rank + ".log"));
  }

  /** Fails unless the files by which the ranks met are gone. */
  void assertNoFiles() {
    Eventually.holds(
        "no files of the ranks in " + directory + ", but there is " + files(),
        Duration.ofSeconds(5),
        () -> files().isEmpty());
  }

  List<String> files() {
    try (Stream<Path> list = Files.list(directory)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("devices"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package comm.tests.chip;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.testkit.BackendUnderTest;
import comm.testkit.Capability;
import comm.tests.Project;
import comm.worker.RankJob;
import comm.worker.kernel.HostRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The host runtime in C of the tests, built by the system's compiler. */
final class HostRuntimeDouble {

  private static final Duration BUILD_LIMIT = Duration.ofMinutes(2);

  private HostRuntimeDouble() {}

  /** The job on it. Without a compiler the test is skipped, and says so. */
  static RankJob in(RankJob job) throws IOException, InterruptedException {
    Path runtime = build();
    return job.withEnvironment(
            HostRuntime.LIBRARY_VARIABLE, runtime.resolve("libhost_runtime.so").toString())
        .withEnvironment(
            HostRuntime.SIM_CONTEXT_VARIABLE, runtime.resolve("libcpu_sim_context.so").toString());
  }

  /** The backend on it, for the conformance kit. */
  static BackendUnderTest backend() throws IOException, InterruptedException {
    Path runtime = build();
    return BackendUnderTest.processes("runtime")
        .without(
            Capability.RANKS_AS_THREADS,
            Capability.SAME_ADDRESSES,
            Capability.BARE_BARRIER,
            Capability.WAITING_JOIN,
            Capability.MANY_ALLOCATIONS,
            Capability.CHECKED_JOINING,
            Capability.DEATH_NOTICE,
            Capability.INTERRUPTIBLE,
            Capability.TIME_LIMITS)
        .withEnvironment(
            HostRuntime.LIBRARY_VARIABLE, runtime.resolve("libhost_runtime.so").toString())
        .withEnvironment(
            HostRuntime.SIM_CONTEXT_VARIABLE, runtime.resolve("libcpu_sim_context.so").toString());
  }

  private static Path build() throws IOException, InterruptedException {
    assumeTrue(hasCompiler(), "no C compiler (cc): the host runtime can't be built");
    Path script = Project.root().resolve("comm.worker/src/test/c/build");
    Path target = Project.root().resolve("comm.tests/target/host-runtime");
    Files.createDirectories(target);
    Path log = target.resolve("build.log");
    Process build =
        new ProcessBuilder("sh", script.toString(), target.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!build.waitFor(BUILD_LIMIT.toSeconds(), TimeUnit.SECONDS) || build.exitValue() != 0) {
      build.destroyForcibly();
      throw new AssertionError(Files.readString(log));
    }
    return target.resolve("full");
  }

  private static boolean hasCompiler() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "cc")));
  }
}

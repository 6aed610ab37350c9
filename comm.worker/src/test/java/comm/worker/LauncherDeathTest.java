package comm.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the ranks when their launcher ends before them. */
@Timeout(120)
class LauncherDeathTest {

  /** A second is promised; a busy machine gets some more. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private record Launched(Process launcher, Path directory, List<ProcessHandle> ranks) {}

  private static Launched launch() throws Exception {
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, TestRanks.path().classPath()),
                TestRanks.Launcher.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    BufferedReader reader = launcher.inputReader(StandardCharsets.UTF_8);
    String[] words = reader.readLine().split(" ", -1);
    List<ProcessHandle> ranks =
        Stream.of(words)
            .skip(1)
            .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
            .toList();
    return new Launched(launcher, Path.of(words[0]), ranks);
  }

  private static boolean becomesTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return true;
  }

  @Test
  void ranks_end_within_a_second_when_the_launcher_is_killed() throws Exception {
    Launched launched = launch();

    launched.launcher().destroyForcibly().waitFor();

    assertTrue(
        becomesTrue(() -> launched.ranks().stream().noneMatch(ProcessHandle::isAlive)),
        "ranks outlive their launcher: " + launched.ranks());
    assertTrue(
        becomesTrue(() -> !Files.exists(launched.directory())), "the directory is left behind");
  }

  @Test
  void ranks_end_with_a_launcher_that_is_told_to_end() throws Exception {
    Launched launched = launch();

    launched.launcher().destroy();
    assertTrue(launched.launcher().waitFor(20, TimeUnit.SECONDS), "the launcher doesn't end");

    assertTrue(launched.ranks().stream().noneMatch(ProcessHandle::isAlive));
    assertFalse(Files.exists(launched.directory()));
  }
}

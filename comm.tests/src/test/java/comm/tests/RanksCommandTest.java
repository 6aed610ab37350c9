package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.testkit.Leftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packed ranks command on the module path, as its users have it. */
@Timeout(120)
class RanksCommandTest {

  private static final Path MODULES =
      Path.of(System.getProperty("basedir", "."), "../comm.cli/target/ranks/mods").normalize();

  private final Leftovers sharedMemory = Leftovers.ofSharedMemory();
  @TempDir private Path directory;

  /** What a command printed and how it ended. */
  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void is_packed() {
    assumeTrue(Files.isDirectory(MODULES), "comm.cli is packed by mvn verify, not by mvn test");
  }

  @AfterEach
  void nothing_is_left() {
    sharedMemory.assertNone(Duration.ofSeconds(5));
  }

  private Ended ranks(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--module-path", MODULES.toString(), "--add-modules", "com.sun.jna"));
    command.addAll(List.of("--enable-native-access=com.sun.jna", "-m", "comm.cli/comm.cli.Ranks"));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), "still running");
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void every_example_runs_and_prints_no_warning() throws IOException, InterruptedException {
    for (String example : List.of("allreduce", "ring", "pi")) {
      Ended ended = ranks("run", "-n", "3", example);

      assertEquals(0, ended.code(), ended.err());
      assertEquals("", ended.err());
      assertTrue(ended.out().contains("[0] "), ended.out());
    }
  }

  @Test
  void every_example_that_drives_chips_proves_its_sums_with_2_and_4_chips()
      throws IOException, InterruptedException {
    for (String example : List.of("allreduce_distributed", "ffn_tp_parallel")) {
      for (int chips : new int[] {2, 4}) {
        Ended ended = ranks("run", example, "--chips", Integer.toString(chips));

        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        assertTrue(ended.out().startsWith("[0] OK: " + chips + " chips have "), ended.out());
      }
    }
  }

  @Test
  void a_program_that_is_not_there_is_told_with_the_examples_that_are()
      throws IOException, InterruptedException {
    Ended ended = ranks("run", "-n", "2", "allreduse");

    assertEquals(2, ended.code(), ended.err());
    assertTrue(ended.err().toLowerCase(Locale.ROOT).contains("allreduce"), ended.err());
  }

  @Test
  void a_backend_that_is_not_usable_is_never_replaced() throws IOException, InterruptedException {
    Ended ended = ranks("run", "-n", "2", "--backend", "hccl", "allreduce");

    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().contains("can't use backend \"hccl\""), ended.err());
  }

  @Test
  void doctor_tells_what_it_finds_as_json() throws IOException, InterruptedException {
    Ended ended = ranks("doctor", "--json");

    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().contains("\"sim\""), ended.out());
    assertTrue(ended.out().contains("\"hccl\""), ended.out());
  }
}

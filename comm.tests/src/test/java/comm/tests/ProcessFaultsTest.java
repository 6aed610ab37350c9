package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.testkit.Eventually;
import comm.testkit.Leftovers;
import comm.tests.ranks.FullMemory;
import comm.tests.ranks.Litmus;
import comm.tests.ranks.OpenAt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults that take a process, or a file system, of their own. */
@Timeout(120)
class ProcessFaultsTest {

  private final Leftovers sharedMemory = Leftovers.ofSharedMemory();
  @TempDir private Path directory;

  @AfterEach
  void nothing_is_left() {
    sharedMemory.assertNone(Duration.ofSeconds(5));
  }

  @Test
  void the_file_of_a_run_that_was_killed_while_it_formed_is_replaced()
      throws IOException, InterruptedException {
    Path path = directory.resolve("rootinfo");
    try (Jobs dead = Jobs.start(1, OpenAt.class, "0", "2", path.toString())) {
      Eventually.holds("rank 0 waits", Duration.ofSeconds(20), () -> Files.exists(path));
      dead.process(0).destroyForcibly();
      dead.result();
    }
    assertTrue(Files.exists(path), "the killed rank can't have removed its file");
    // Its segment the launcher has swept; one that died with its launcher is swept by the next run.
    sharedMemory.assertNone(Duration.ofSeconds(5));

    try (Jobs late = Jobs.start(1, OpenAt.class, "1", "2", path.toString());
        Jobs first = Jobs.start(1, OpenAt.class, "0", "2", path.toString())) {
      first.assertSuccess();
      late.assertSuccess();
    }
    assertEquals(List.of(), files());
  }

  private List<Path> files() throws IOException {
    try (var list = Files.list(directory)) {
      return list.toList();
    }
  }

  @Test
  void only_outcomes_that_the_memory_model_allows_are_seen()
      throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(2, Litmus.class, "20000")) {
      job.assertSuccess();
      assertEquals(List.of("allowed outcomes only"), job.lines(0));
    }
  }

  private static List<String> command(List<String> prefix, Class<?> program, String argument) {
    List<String> command = new ArrayList<>(prefix);
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--module-path",
        System.getProperty("jdk.module.path"),
        "--add-modules",
        "ALL-MODULE-PATH",
        "--enable-native-access=com.sun.jna",
        "--module",
        "comm.tests/" + program.getName(),
        argument);
    return command;
  }

  @Test
  void a_full_dev_shm_is_an_error_with_advice_on_every_rank_and_never_a_crash()
      throws IOException, InterruptedException {
    List<String> ownNamespace =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=2m tmpfs /dev/shm && exec \"$@\"",
            "sh");
    assumeTrue(works(ownNamespace), "needs the right to mount a small /dev/shm (root)");

    Process process =
        new ProcessBuilder(command(ownNamespace, FullMemory.class, directory.toString()))
            .redirectErrorStream(true)
            .start();
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), text);

    List<String> lines = text.lines().toList();
    for (int rank = 0; rank < 2; rank++) {
      String tooLarge = lines.get(rank);
      assertTrue(tooLarge.startsWith("too large: ResourceExhaustedException: "), text);
      assertTrue(tooLarge.contains("2.8 MiB needed in /dev/shm, 1.9 MiB available"), text);
      assertTrue(tooLarge.contains("Docker: --shm-size"), text);
      assertEquals("fits: fine", lines.get(2 + rank), text);
      assertEquals("free again: fine", lines.get(6 + rank), text);
    }
    assertTrue(lines.get(4).startsWith("full: ResourceExhaustedException: open on rank 0"), text);
    assertTrue(lines.get(5).startsWith("full: CommTimeoutException: open on rank 1"), text);
    assertEquals("left: []", lines.get(8), text);
  }

  private static boolean works(List<String> prefix) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void a_directory_that_cannot_be_written_is_named_on_every_rank()
      throws IOException, InterruptedException {
    Path readOnly = Files.createDirectory(directory.resolve("read-only"));
    List<String> ownNamespace =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o ro,size=64k tmpfs " + readOnly + " && exec \"$@\"",
            "sh");
    assumeTrue(works(ownNamespace), "needs the right to mount a read-only directory (root)");

    for (String rank : List.of("0", "1")) {
      List<String> command = command(ownNamespace, OpenAt.class, rank);
      command.add("2");
      command.add(readOnly.resolve("rootinfo").toString());
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(1, process.exitValue(), text);
      assertTrue(
          text.contains("directory " + readOnly + " is not writable for this user (EROFS)"), text);
    }
  }
}

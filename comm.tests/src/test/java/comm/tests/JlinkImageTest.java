package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs in a run-time image of jlink, where nothing is on a module path. */
@Timeout(180)
class JlinkImageTest {

  private static final String EXAMPLES = "comm.examples";

  @TempDir private static Path directory;

  private static Path image;

  @BeforeAll
  static void link() {
    Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
    assumeTrue(jlink.isPresent(), "there is no jlink in " + System.getProperty("java.home"));
    image = directory.resolve("image");
    StringWriter printed = new StringWriter();
    PrintWriter log = new PrintWriter(printed, true);
    int code =
        jlink
            .get()
            .run(
                log,
                log,
                "--module-path",
                Project.modulePath().stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator)),
                "--add-modules",
                EXAMPLES + ",comm.backend.sim",
                "--add-options",
                // jlink 17 takes a value that begins with a dash for an option of its own
                " --enable-native-access=com.sun.jna",
                "--launcher",
                "launch=" + EXAMPLES + "/comm.examples.Launch",
                "--output",
                image.toString());
    assertEquals(0, code, printed::toString);
  }

  private static String run(String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(image.resolve("bin").resolve(program).toString());
    command.addAll(Arrays.asList(arguments));
    ChildJvm.Ended ended = new ChildJvm(directory).runCommand(command);
    assertEquals("", ended.err(), ended::toString);
    return ChildJvm.output(ended);
  }

  @Test
  void an_image_has_what_was_named_and_what_that_requires()
      throws IOException, InterruptedException {
    List<String> ours =
        run("java", "--list-modules")
            .lines()
            .map(line -> line.replaceFirst("@.*", ""))
            .filter(name -> name.startsWith("com.sun.jna") || name.startsWith("comm."))
            .sorted()
            .toList();

    assertEquals(
        List.of("com.sun.jna", "comm.api", "comm.backend.sim", EXAMPLES, "comm.worker"), ours);
  }

  @Test
  void a_launcher_in_an_image_starts_ranks_in_the_same_image()
      throws IOException, InterruptedException {
    List<String> lines = run("launch", "2", EXAMPLES + "/comm.examples.AllReduce").lines().toList();

    assertEquals(
        List.of(
            "[0] OK: rank 0 of 2 has all 256 sums right (sim)",
            "[1] OK: rank 1 of 2 has all 256 sums right (sim)"),
        lines.stream().sorted().toList());
  }

  @Test
  void a_driver_in_an_image_finds_its_kernels_and_starts_its_chips()
      throws IOException, InterruptedException {
    String printed = run("java", "--module", EXAMPLES + "/comm.examples.AllreduceDistributed", "2");

    assertTrue(printed.startsWith("OK: 2 chips have all 256 sums right"), printed);
  }
}

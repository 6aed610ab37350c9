package comm.worker.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The options of a rank's JVM. */
class JavaCommandTest {

  private static final Path DIRECTORY = Path.of("/tmp/job");

  private static JavaCommand command(LaunchPath path, Optional<String> module, String... options) {
    return new JavaCommand(path, module, "p.q.Main", List.of(options), DIRECTORY);
  }

  private static boolean hasPair(List<String> options, String name, String value) {
    int index = options.indexOf(name);
    return index >= 0 && options.get(index + 1).equals(value);
  }

  @Test
  void runs_a_program_in_a_module_with_its_package_open() {
    LaunchPath path = new LaunchPath(true, List.of("/a", "/b"), List.of());

    JavaCommand command = command(path, Optional.of("m"));

    List<String> options = command.options();
    assertTrue(hasPair(options, "--module-path", "/a" + File.pathSeparator + "/b"));
    assertTrue(hasPair(options, "--add-modules", "m"));
    assertTrue(hasPair(options, "--add-opens", "m/p.q=comm.worker"));
    assertFalse(options.contains("--class-path"));
    assertEquals(
        List.of("@/tmp/job/args", "--module", "comm.worker/comm.worker.launch.RankMain"),
        command.command(Path.of("/tmp/job/args")).subList(1, 4));
  }

  @Test
  void asks_for_no_native_access_where_nothing_needs_it() {
    LaunchPath path = new LaunchPath(true, List.of("/a"), List.of());

    assertTrue(
        command(path, Optional.of("m")).options().stream()
            .noneMatch(option -> option.startsWith("--enable-native-access")));
  }

  @Test
  void runs_a_program_on_the_class_path_without_modules() {
    LaunchPath path = new LaunchPath(false, List.of(), List.of("/x y.jar", "/z"));

    JavaCommand command = command(path, Optional.empty());

    List<String> options = command.options();
    assertTrue(hasPair(options, "--class-path", "/x y.jar" + File.pathSeparator + "/z"));
    assertTrue(options.contains("--enable-native-access=ALL-UNNAMED"));
    assertFalse(options.contains("--module-path"));
    assertFalse(options.contains("--add-modules"));
    assertEquals(
        List.of("@/tmp/job/args", "comm.worker.launch.RankMain"),
        command.command(Path.of("/tmp/job/args")).subList(1, 3));
  }

  @Test
  void lets_a_class_path_beside_modules_see_the_whole_platform() {
    LaunchPath path = new LaunchPath(true, List.of("/a"), List.of("/x.jar"));

    assertTrue(hasPair(command(path, Optional.empty()).options(), "--add-modules", "ALL-DEFAULT"));
  }

  @Test
  void leaves_the_paths_out_in_an_image() {
    LaunchPath path = new LaunchPath(true, List.of(), List.of());

    List<String> options = command(path, Optional.of("m")).options();

    assertFalse(options.contains("--module-path"));
    assertFalse(options.contains("--class-path"));
  }

  @Test
  void puts_the_users_options_last_and_the_job_directory_first() {
    LaunchPath path = new LaunchPath(false, List.of(), List.of("/x"));

    List<String> options = command(path, Optional.empty(), "-Xmx1g", "-Da=b").options();

    assertEquals(List.of("-Xmx1g", "-Da=b"), options.subList(options.size() - 2, options.size()));
    assertTrue(options.contains("-Djna.tmpdir=/tmp/job"));
  }

  @Test
  void quotes_options_for_the_argument_file() {
    LaunchPath path = new LaunchPath(false, List.of(), List.of("/x"));

    String text = command(path, Optional.empty(), "-Da=b \"c\" \\d #e").argumentFileText();

    assertTrue(text.endsWith("\"-Da=b \\\"c\\\" \\\\d #e\"\n"), text);
  }
}

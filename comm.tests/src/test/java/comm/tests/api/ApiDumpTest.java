package comm.tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exported API against what {@code docs/api} says it is. */
class ApiDumpTest {

  private static final boolean UPDATE = Boolean.getBoolean("comm.api.update");

  private static String dump(String module) {
    return new ApiDump(ModuleLayer.boot().findModule(module).orElseThrow()).text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"comm.api", "comm.worker", "comm.testkit"})
  void the_exported_api_is_what_was_agreed(String module) throws IOException {
    Path file = Project.root().resolve("docs").resolve("api").resolve(module + ".txt");
    String actual = dump(module);
    if (UPDATE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
    }

    String agreed = Files.readString(file);

    // Compared as a whole: also an order that isn't stable would be a difference.
    assertTrue(
        actual.equals(agreed),
        () ->
            "The API of "
                + module
                + " isn't what "
                + file
                + " says:\n"
                + difference(agreed.lines().toList(), actual.lines().toList())
                + "\nIf that is meant, say it in CHANGELOG.md and run\n"
                + "  mvn -pl comm.tests -am test -Dtest=ApiDumpTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dcomm.api.update=true\n");
  }

  /** Lines that only one has, each with the type that it belongs to. */
  static String difference(List<String> before, List<String> after) {
    List<String> old = qualified(before);
    List<String> now = qualified(after);
    return Stream.concat(
            old.stream().filter(line -> !now.contains(line)).map(line -> "- " + line),
            now.stream().filter(line -> !old.contains(line)).map(line -> "+ " + line))
        .reduce("", (text, line) -> text + line + "\n");
  }

  private static List<String> qualified(List<String> lines) {
    String[] type = {""};
    return lines.stream()
        .map(
            line -> {
              if (line.startsWith("  ")) {
                return type[0] + ": " + line.strip();
              }
              type[0] = line;
              return line;
            })
        .toList();
  }

  @Test
  void a_difference_names_the_member_and_its_type() {
    assertEquals(
        "- class A: long a()\n+ class A: int a()\n",
        difference(
            List.of("class A", "  long a()", "class B", "  long a()"),
            List.of("class A", "  int a()", "class B", "  long a()")));
  }

  @Test
  void a_dump_has_what_callers_can_use_and_nothing_else() {
    String dump = dump("comm.api");

    assertTrue(dump.startsWith("module comm.api\n  exports comm.api\n"), dump);
    assertTrue(dump.contains("\npublic final class comm.api.Communicator implements "), dump);
    assertTrue(
        dump.contains("\n  public static comm.api.Communicator open(comm.api.CommConfig)"), dump);
    assertTrue(dump.contains("\n  record (int rank, int size, "), dump);
    assertTrue(!dump.contains("comm.api.Gate"), dump);
    assertTrue(!dump.contains("BackendSelector"), dump);
  }
}

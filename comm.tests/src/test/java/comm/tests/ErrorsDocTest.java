package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import comm.testkit.Leftovers;
import comm.tests.Provocations.Met;
import java.io.IOException;
import java.lang.module.ModuleReader;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error of {@code docs/errors.md} provoked for real, and its message compared. */
@Timeout(120)
class ErrorsDocTest {

  private static final Map<String, Met> DOCUMENTED = new LinkedHashMap<>();
  private static final Map<String, List<String>> SECTIONS = new LinkedHashMap<>();

  static {
    read(Project.document("errors.md").lines().toList());
  }

  private final Leftovers leftovers = Leftovers.ofSharedMemory();
  @TempDir private Path directory;

  @AfterEach
  void nothing_is_left() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  /** Sections are named after types, their parts after what provokes them; then comes a block. */
  private static void read(List<String> lines) {
    List<String> section = new ArrayList<>();
    String type = "";
    String title = "";
    StringBuilder block = null;
    for (String line : lines) {
      if (block != null && line.equals("```")) {
        DOCUMENTED.put(title, new Met(type, block.toString().strip()));
        block = null;
      } else if (block != null) {
        block.append(line.strip()).append(' ');
      } else if (line.equals("```") && !title.isEmpty()) {
        block = new StringBuilder();
      } else if (line.startsWith("## ")) {
        type = line.substring(3).replace("`", "");
        title = "";
        section = new ArrayList<>();
        SECTIONS.put(type, section);
      } else if (line.startsWith("### ")) {
        title = line.substring(4);
      }
      section.add(line);
    }
  }

  static Set<String> provoked() {
    Set<String> all = new LinkedHashSet<>(Provocations.ALL.keySet());
    all.addAll(DOCUMENTED.keySet());
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("provoked")
  void a_documented_message_is_the_one_that_a_caller_gets(String title) throws Exception {
    Provocations.Provocation provocation = Provocations.ALL.get(title);
    assertTrue(provocation != null, () -> "nothing provokes \"" + title + "\"");
    Met actual = provocation.provoke(new Provocations(directory));

    assumeFalse(actual.message().contains("can't drive them yet"), "this machine has CANN");
    Met documented = DOCUMENTED.get(title);
    assertTrue(documented != null, () -> "not documented: ### " + title + "\n" + actual);
    assertEquals(documented.type(), actual.type(), actual::message);
    assertEquals(steady(documented.message()), steady(actual.message()));
  }

  /** The message without what is different at each run and on each machine. */
  private String steady(String message) {
    return message
        .replace(directory.toString(), "/tmp/job")
        // on the path of tests only
        .replaceAll(", testkit \\(not usable: [^)]*\\)", "")
        .replaceAll("pid \\d+", "pid N")
        .replaceAll("after \\d+\\.\\d+ s", "after T s")
        .replaceAll("[\\d.]+ (bytes|.iB) available", "N available")
        .replaceAll("\\.[0-9a-f]{32}\\.", ".TOKEN.")
        .replaceAll("x{100,}", "xxx…")
        .replaceAll("found in [^;]*;", "found in PLACES;");
  }

  @Test
  void every_exception_of_the_api_has_a_section_and_an_example() throws IOException {
    Set<String> exceptions = new TreeSet<>();
    try (ModuleReader reader = Project.modules().get("comm.api").open()) {
      for (String entry : reader.list().filter(name -> name.endsWith("Exception.class")).toList()) {
        Class<?> type = type(entry.substring(0, entry.length() - ".class".length()));
        if (Modifier.isPublic(type.getModifiers()) && !Modifier.isAbstract(type.getModifiers())) {
          exceptions.add(type.getSimpleName());
        }
      }
    }

    assertEquals(9, exceptions.size(), exceptions::toString);
    assertTrue(SECTIONS.keySet().containsAll(exceptions), SECTIONS::toString);
    assertTrue(
        DOCUMENTED.values().stream()
            .map(Met::type)
            .collect(Collectors.toSet())
            .containsAll(exceptions),
        DOCUMENTED::toString);
  }

  private static Class<?> type(String path) {
    try {
      return Class.forName(path.replace('/', '.'));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void every_section_says_when_whether_the_communicator_is_usable_and_what_to_do() {
    SECTIONS.forEach(
        (type, lines) -> {
          if (type.endsWith("Exception")) {
            for (String question :
                List.of("- **When:** ", "- **After it:** ", "- **What to do:** ")) {
              assertTrue(
                  lines.stream().anyMatch(line -> line.startsWith(question)),
                  () -> type + " has no " + question);
            }
          }
        });
  }
}

package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.testkit.program.Program;
import comm.testkit.program.Programs;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** What is printed of a program that failed can be pasted into a test. */
@Tag("once")
class ProgramCodeProperties {

  private static final int PROGRAMS = 50;

  @Provide
  Arbitrary<List<Program>> programs() {
    return Programs.upTo(30).arbitrary().list().ofSize(PROGRAMS);
  }

  @Property(tries = 1)
  void the_code_of_a_program_is_a_program_that_equals_it(@ForAll("programs") List<Program> programs)
      throws Exception {
    Path directory = Files.createTempDirectory("programs");
    try {
      StringBuilder source =
          new StringBuilder(
              """
              import comm.api.Comparison;
              import comm.testkit.program.Program;
              public class Printed {
              """);
      for (int i = 0; i < PROGRAMS; i++) {
        source
            .append("public static Program p")
            .append(i)
            .append("() { return ")
            .append(programs.get(i).toCode())
            .append("; }\n");
      }
      Path classes =
          Compiled.classes(
              directory.resolve("classes"),
              List.of("--add-modules", "comm.testkit"),
              directory.resolve("src"),
              Map.of("Printed.java", source.append("}\n").toString()));
      try (URLClassLoader loader =
          new URLClassLoader(new URL[] {classes.toUri().toURL()}, Program.class.getClassLoader())) {
        Class<?> printed = loader.loadClass("Printed");
        for (int i = 0; i < PROGRAMS; i++) {
          assertEquals(programs.get(i), printed.getMethod("p" + i).invoke(null));
        }
      }
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.Snippets.Block;
import comm.tests.Snippets.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java code in the documents is the code that is compiled and run. */
class SnippetsDocTest {

  private static final String DOCUMENT =
      """
      Text.
      <!-- from a/B.java#one -->
      ```java
      if (x) {
        y();
      }
      ```
      ```java
      z();
      ```
      """;

  private static final String SOURCE =
      """
      class B {
          // @start region="one"
          if (x) {
            y();
          }
          // @end
          // @start region="two"
          z();

          // @end
      }
      """;

  /** The documents, as paths from the project's root. */
  static List<Path> documents() throws IOException {
    Path root = Project.root();
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      return Stream.concat(Stream.of(root.resolve("README.md")), files)
          .filter(file -> file.toString().endsWith(".md"))
          .map(root::relativize)
          .sorted()
          .toList();
    }
  }

  /** Documents whose every block must be a part of a program that the tests run. */
  private static boolean isForBeginners(Path document) {
    return document.startsWith("docs/migration") || document.equals(Path.of("docs/tutorial.md"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void java_in_a_document_is_the_region_of_the_source_that_it_names(Path document) {
    for (Block block : Snippets.blocks(Project.text(Project.root().resolve(document)))) {
      assertTrue(
          block.source().isPresent() || !isForBeginners(document),
          () -> document + ":" + block.line() + ": a line <!-- from … --> must precede the block");
      block
          .source()
          .ifPresent(
              source ->
                  assertEquals(
                      Snippets.region(Project.root(), source),
                      block.text(),
                      () -> document + ":" + block.line() + " and " + source));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mpi-windows.md", "openshmem.md", "python.md"})
  void each_migration_page_has_code_that_is_checked(String page) {
    List<Block> blocks = Snippets.blocks(Project.document("migration/" + page));

    assertTrue(blocks.stream().anyMatch(block -> block.source().isPresent()), blocks::toString);
  }

  @Test
  void blocks_are_found_with_the_line_before_them_and_without_it() {
    assertEquals(
        List.of(
            new Block(4, Optional.of(new Source("a/B.java", "one")), "if (x) {\n  y();\n}"),
            new Block(9, Optional.empty(), "z();")),
        Snippets.blocks(DOCUMENT));
    assertThrows(AssertionError.class, () -> Snippets.blocks("```java\nz();\n"));
  }

  @Test
  void a_region_is_what_lies_between_its_marks_at_the_left_margin() {
    assertEquals("if (x) {\n  y();\n}", Snippets.region(SOURCE, "one"));
    assertEquals("z();", Snippets.region(SOURCE, "two"));
  }

  @Test
  void a_region_that_is_missing_twice_there_nested_or_open_is_an_error() {
    assertThrows(AssertionError.class, () -> Snippets.region(SOURCE, "three"));
    assertThrows(AssertionError.class, () -> Snippets.region(SOURCE + SOURCE, "one"));
    assertThrows(
        AssertionError.class, () -> Snippets.region(SOURCE.replaceFirst("// @end", ""), "one"));
    assertThrows(AssertionError.class, () -> Snippets.region(SOURCE.replace("// @end", ""), "two"));
  }
}

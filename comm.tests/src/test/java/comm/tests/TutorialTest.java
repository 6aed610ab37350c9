package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.Snippets.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial to the letter: its program, built as a module of its own, prints what it shows. */
@Timeout(180)
class TutorialTest {

  private static final String TUTORIAL = Project.document("tutorial.md");
  private static final String PACKAGE = "package dice;\n";

  @TempDir private static Path directory;

  private static Path dice;

  @BeforeAll
  static void build() throws IOException {
    dice =
        Compiled.classes(
            directory.resolve("classes"),
            List.of(),
            directory.resolve("src"),
            Map.of(
                "module-info.java", code("module"),
                "dice/Dice.java", PACKAGE + code("dice"),
                "dice/Launch.java", PACKAGE + code("launch")));
  }

  /** The block of the tutorial that is this region of a source file. */
  private static String code(String region) {
    return Snippets.blocks(TUTORIAL).stream()
        .filter(block -> block.source().filter(it -> it.region().equals(region)).isPresent())
        .map(Block::text)
        .findFirst()
        .orElseThrow(() -> new AssertionError("the tutorial has no region " + region));
  }

  private static ChildJvm jvm() {
    return new ChildJvm(directory).with(dice);
  }

  @Test
  void four_ranks_print_what_the_tutorial_shows() throws IOException, InterruptedException {
    ChildJvm.Ended ended = jvm().runModule("dice/dice.Launch", "4", "dice/dice.Dice");

    assertEquals("", ended.err());
    String shown = "\n```\n" + ChildJvm.output(ended) + "```\n";
    assertTrue(TUTORIAL.contains(shown), shown);
  }

  @Test
  void a_rank_alone_fails_with_the_message_that_the_tutorial_shows()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm()
            .options(
                "--enable-native-access=com.sun.jna",
                "-Dcomm.rank=0",
                "-Dcomm.size=4",
                "-Dcomm.timeout=2s",
                "-Dcomm.rootinfo=" + directory.resolve("dice.rootinfo"))
            .runModule("dice/dice.Dice");

    assertEquals(1, ended.exitCode(), ended::toString);
    String first = ended.err().lines().findFirst().orElse("nothing on standard error");
    assertTrue(steady(TUTORIAL).contains(steady(first)), first);
  }

  /** The text unfolded, without the time that passed. */
  private static String steady(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("after \\d+\\.\\d+ s", "after T s");
  }
}

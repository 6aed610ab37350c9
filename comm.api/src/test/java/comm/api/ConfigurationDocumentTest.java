package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/configuration.md} against the code. */
class ConfigurationDocumentTest {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final List<List<String>> settings = table("| setting ");
  private final List<List<String>> launchers = table("| launcher ");

  private static Path document() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("docs/configuration.md"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new AssertionError("no docs/configuration.md above " + Path.of("").toAbsolutePath());
    }
    return directory.resolve("docs/configuration.md");
  }

  /** The rows of the table whose heading begins so. */
  private static List<List<String>> table(String heading) {
    List<String> lines;
    try {
      lines = Files.readAllLines(document());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return lines.stream()
        .dropWhile(line -> !line.startsWith(heading))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList())
        .toList();
  }

  private static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(result -> result.group(1)).toList();
  }

  @Test
  void has_a_row_for_each_setting_and_no_other() {
    List<List<String>> expected =
        Arrays.stream(Setting.values())
            .map(
                setting ->
                    List.of(
                        setting.component(),
                        "`" + setting.property() + "`",
                        "`" + setting.variable() + "`"))
            .toList();

    assertEquals(
        expected,
        settings.stream().limit(settings.size() - 1L).map(row -> row.subList(0, 3)).toList());
    assertEquals("`comm.<backend>.<key>`", settings.get(settings.size() - 1).get(1));
  }

  @Test
  void gives_examples_of_timeouts_that_are_understood_and_the_default() {
    List<String> row =
        settings.stream().filter(cells -> cells.get(0).equals("timeout")).findFirst().orElseThrow();

    List<String> examples = code(row.get(3));
    assertEquals(6, examples.size());
    for (String example : examples) {
      assertTrue(DurationText.parse(example).isPresent(), example);
    }
    assertEquals(
        CommConfig.DEFAULT_TIMEOUT, DurationText.parse(code(row.get(4)).get(0)).orElseThrow());
  }

  @Test
  void has_a_row_for_each_launcher_in_the_order_in_which_they_are_asked() {
    List<List<Object>> expected =
        Launcher.ALL.stream()
            .map(
                launcher ->
                    List.<Object>of(
                        launcher.title(),
                        List.of(launcher.rank()),
                        launcher.sizes(),
                        launcher.identities().stream().flatMap(List::stream).toList()))
            .toList();

    assertEquals(
        expected,
        launchers.stream()
            .map(
                row ->
                    List.<Object>of(
                        row.get(0),
                        code(row.get(1)),
                        code(row.get(2)),
                        code(row.get(3)).stream().filter(name -> !name.equals("none")).toList()))
            .toList());
  }

  @Test
  void tells_which_variables_of_a_launcher_go_together() {
    for (int i = 0; i < Launcher.ALL.size(); i++) {
      String identities =
          CODE.matcher(launchers.get(i).get(3)).replaceAll(ConfigurationDocumentTest::plain);

      assertEquals(
          Launcher.ALL.get(i).identityNames(), identities.replace(" unless it is none", ""));
    }
  }

  private static String plain(MatchResult code) {
    return code.group(1);
  }
}

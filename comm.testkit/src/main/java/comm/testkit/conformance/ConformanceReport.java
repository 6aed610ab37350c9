package comm.testkit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Rule by rule, how a backend did. Written when the last test has ended, as a table for people and
 * as tab-separated lines for scripts. Thread-safe.
 */
final class ConformanceReport implements AutoCloseable {

  /** The system property that names the directory of reports. */
  static final String DIRECTORY = "comm.testkit.reports";

  private final String label;
  private final Map<Rule, List<Entry>> entries = new EnumMap<>(Rule.class);
  private final TreeSet<String> sections = new TreeSet<>();

  /** How a test ended. */
  enum Result {
    PASS,
    SKIP,
    FAIL
  }

  private record Entry(Result result, String detail) {}

  ConformanceReport(String label) {
    this.label = label;
  }

  synchronized void add(String section, Rule rule, Result result, String detail) {
    sections.add(section);
    entries.computeIfAbsent(rule, any -> new ArrayList<>()).add(new Entry(result, detail));
  }

  /** One line a rule of the sections that ran: id, level, result and the reason for it. */
  synchronized List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      if (!sections.contains(rule.section())) {
        continue;
      }
      List<Entry> tests = entries.getOrDefault(rule, List.of());
      Entry shown =
          tests.stream()
              .max((a, b) -> worse(a.result()) - worse(b.result()))
              .orElse(new Entry(Result.SKIP, rule.untestable().orElse("its test did not run")));
      rows.add(
          List.of(
              rule.name(),
              rule.level().name(),
              shown.result().name().toLowerCase(Locale.ROOT),
              shown.result() == Result.PASS ? rule.text() : shown.detail()));
    }
    return rows;
  }

  /** A failure hides all else; a pass hides what was skipped. */
  private static int worse(Result result) {
    return switch (result) {
      case SKIP -> 0;
      case PASS -> 1;
      case FAIL -> 2;
    };
  }

  @Override
  public void close() throws IOException {
    Path directory = Path.of(System.getProperty(DIRECTORY, "target/conformance"));
    Files.createDirectories(directory);
    String file = label.replaceAll("[^A-Za-z0-9.-]+", "-").replaceAll("-$", "");
    List<String> table = new ArrayList<>();
    table.add("# Conformance of " + label);
    table.add("");
    table.add("| rule | level | result | |");
    table.add("|---|---|---|---|");
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows()) {
      table.add("| " + String.join(" | ", row).replace("\n", " ") + " |");
      lines.add(String.join("\t", row));
    }
    Files.write(directory.resolve(file + ".md"), table);
    Files.write(directory.resolve(file + ".tsv"), lines);
  }
}

package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.TimeScale;
import comm.testkit.conformance.Contracts.Outcome;
import comm.testkit.conformance.wrong.Wrong;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult.Status;

/** The kit finds what is wrong with a backend, and says it. */
class WrongBackendsTest {

  /** Many of these backends hang, and are waited for. */
  private static final String SCALE = "0.05";

  private static Optional<String> scale = Optional.empty();
  private static Optional<String> reports = Optional.empty();

  @TempDir static Path directory;

  @BeforeAll
  static void shortens_all_limits() {
    scale = set(TimeScale.PROPERTY, Optional.of(SCALE));
    reports =
        set(ConformanceReport.DIRECTORY, Optional.of(directory.resolve("reports").toString()));
    assertTrue(
        Joined.LONG.compareTo(Duration.ofSeconds(5)) < 0,
        "the kit has read its time scale already; give this class a JVM of its own");
  }

  @AfterAll
  static void restores_the_limits() {
    Optional<String> unused = set(TimeScale.PROPERTY, scale);
    unused = set(ConformanceReport.DIRECTORY, reports);
  }

  private static Optional<String> set(String property, Optional<String> value) {
    return Optional.ofNullable(
        value.isPresent()
            ? System.setProperty(property, value.get())
            : System.clearProperty(property));
  }

  @TestFactory
  Stream<DynamicTest> a_wrong_backend_is_found_by_the_rule_that_it_breaks() {
    return Wrong.all().map(wrong -> DynamicTest.dynamicTest(wrong.toString(), () -> found(wrong)));
  }

  private static void found(Wrong wrong) {
    List<String> failures =
        Contracts.check(wrong.underTest(directory), wrong.rule()).stream()
            .filter(outcome -> outcome.status() == Status.FAILED)
            .map(Outcome::firstLine)
            .toList();
    assertTrue(
        failures.stream().anyMatch(line -> line.contains(wrong.message())),
        () -> wrong + ": no test says \"" + wrong.message() + "\", but they say " + failures);
  }

  @Test
  void names_are_there_once() {
    Set<String> names = Wrong.all().map(Wrong::toString).collect(Collectors.toSet());
    assertEquals(Wrong.all().count(), names.size());
  }

  @Test
  void every_rule_that_threads_can_break_is_broken_by_some_backend() {
    Set<Rule> broken =
        Wrong.all().map(Wrong::rule).collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
    Set<Rule> deaths = EnumSet.of(Rule.F1, Rule.F2, Rule.F3, Rule.F7, Rule.F8);
    assertEquals(
        Stream.of(Rule.values())
            .filter(rule -> rule.untestable().isEmpty() && !deaths.contains(rule))
            .toList(),
        List.copyOf(broken));
  }
}

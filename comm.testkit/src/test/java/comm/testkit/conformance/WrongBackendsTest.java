package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.TimeScale;
import comm.testkit.conformance.Contracts.Outcome;
import comm.testkit.conformance.wrong.Wrong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.opentest4j.AssertionFailedError;

/** The kit finds what is wrong with a backend, and says it. */
@Tag("once")
class WrongBackendsTest {

  /** Many of these backends hang, and are waited for. */
  private static final String SCALE = "0.2";

  /** Most of the time goes by in waiting for what doesn't come. */
  private static final int THREADS = 8;

  /** Rules whose tests count what the process holds, which others must not change meanwhile. */
  private static final Set<Rule> COUNTING = EnumSet.of(Rule.A5, Rule.A7, Rule.C3, Rule.C4);

  private static Optional<String> scale = Optional.empty();
  private static Optional<String> reports = Optional.empty();

  @TempDir static Path directory;

  @BeforeAll
  static void shortens_all_limits() {
    scale = set(TimeScale.PROPERTY, Optional.of(SCALE));
    reports =
        set(ConformanceReport.DIRECTORY, Optional.of(directory.resolve("reports").toString()));
    assertTrue(
        Joined.LONG.compareTo(Duration.ofSeconds(10)) < 0,
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
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Map<Wrong, Future<?>> begun = new LinkedHashMap<>();
    List<Wrong> all = Wrong.all().toList();
    all.stream()
        .filter(wrong -> !COUNTING.contains(wrong.rule()))
        .forEach(wrong -> begun.put(wrong, threads.submit(() -> found(wrong))));
    threads.shutdown();
    return Stream.concat(
        begun.entrySet().stream()
            .map(
                one ->
                    DynamicTest.dynamicTest(one.getKey().toString(), () -> await(one.getValue()))),
        all.stream()
            .filter(wrong -> COUNTING.contains(wrong.rule()))
            .map(wrong -> DynamicTest.dynamicTest(wrong.toString(), () -> found(wrong))));
  }

  private static void await(Future<?> check) throws InterruptedException {
    try {
      Object unused = check.get();
    } catch (ExecutionException e) {
      throw new AssertionFailedError(e.getMessage(), e);
    }
  }

  private static void found(Wrong wrong) {
    List<String> failures =
        Contracts.check(wrong.underTest(place(wrong)), wrong.rule()).stream()
            .filter(outcome -> outcome.status() == Status.FAILED)
            .map(Outcome::firstLine)
            .toList();
    assertTrue(
        failures.stream().anyMatch(line -> line.contains(wrong.message())),
        () -> wrong + ": no test says \"" + wrong.message() + "\", but they say " + failures);
  }

  private static Path place(Wrong wrong) {
    try {
      return Files.createTempDirectory(directory, wrong.rule().name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void names_are_there_once() {
    Set<String> names = Wrong.all().map(Wrong::toString).collect(Collectors.toSet());
    assertEquals(Wrong.all().count(), names.size());
  }

  @Test
  void every_rule_that_threads_can_break_is_broken_by_some_backend() {
    Set<Rule> broken =
        Wrong.all()
            .map(Wrong::rule)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
    Set<Rule> deaths = EnumSet.of(Rule.F1, Rule.F2, Rule.F3, Rule.F7, Rule.F8);
    assertEquals(
        Stream.of(Rule.values())
            .filter(rule -> rule.untestable().isEmpty() && !deaths.contains(rule))
            .toList(),
        List.copyOf(broken));
  }
}

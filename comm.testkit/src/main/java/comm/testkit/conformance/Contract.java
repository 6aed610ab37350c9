package comm.testkit.conformance;

import comm.api.spi.Availability;
import comm.testkit.BackendUnderTest;
import comm.testkit.RankBody;
import comm.testkit.run.RankPool;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What all sections of the contract have in common: the backend, its ranks, and the report. Authors
 * extend its subclasses.
 */
@DisplayNameGeneration(RuleNames.class)
public abstract class Contract {

  private static final Duration RUN = Duration.ofSeconds(60);

  /** Keeps ranks between tests and writes the report. */
  @RegisterExtension final ContractExtension extension = new ContractExtension();

  private final String section;

  Contract(String section) {
    this.section = section;
  }

  /**
   * The backend that is tested. Called before every test; equal values share their rank processes.
   * To skip all tests, because a library isn't there for instance, fail an assumption.
   *
   * @return what is tested
   */
  protected abstract BackendUnderTest backend();

  /**
   * Skips what the backend has not declared.
   *
   * @param info of the test
   */
  @BeforeEach
  public final void needs(TestInfo info) {
    BackendUnderTest backend = backend();
    extension.use(backend, section);
    info.getTestMethod()
        .map(method -> method.getAnnotation(Checks.class))
        .ifPresent(
            checks -> {
              for (var capability : checks.needs()) {
                if (!backend.can(capability)) {
                  Assumptions.abort(backend + " does not declare " + capability);
                }
              }
            });
    if (backend.instance().isEmpty() && backend.environment().isEmpty()) {
      Availability availability = extension.availability(backend);
      if (availability instanceof Availability.Unavailable no) {
        Assumptions.abort(backend + " can't be used here: " + no.reason());
      }
    }
  }

  /**
   * The rules of this section that no test can show, each skipped with the reason.
   *
   * @return one test a rule
   */
  @TestFactory
  public final Stream<DynamicTest> rules_that_no_test_can_show() {
    return Stream.of(Rule.values())
        .filter(rule -> rule.section().equals(section) && rule.untestable().isPresent())
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule + " " + rule.text(),
                    () -> Assumptions.abort(rule.untestable().orElseThrow())));
  }

  final RankPool pool() {
    return extension.pool(backend());
  }

  /** Runs a body on ranks, and fails unless all of them pass. */
  final void ranks(int size, RankBody body) {
    ranks(size, Set.of(), body);
  }

  /** The same with ranks that must die. */
  final void ranks(int size, Set<Integer> dead, RankBody body) {
    BackendUnderTest backend = backend();
    if (size > backend.maxRanks()) {
      Assumptions.abort(
          backend + " has at most " + backend.maxRanks() + " ranks here, not " + size);
    }
    pool().run(size, RUN, body).check(dead);
  }
}

package comm.testkit.conformance;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import comm.testkit.BackendUnderTest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs the contract on a backend, as JUnit would for an author, and gives back what came of it. */
final class Contracts {

  /** JUnit makes the test classes; it runs their tests in the thread that asks for it. */
  private static final ThreadLocal<BackendUnderTest> UNDER_TEST = new ThreadLocal<>();

  private static final Map<String, Class<? extends Contract>> SECTIONS =
      Map.of(
          "A", Availability.class,
          "S", Sessions.class,
          "W", Windows.class,
          "M", Memory.class,
          "B", Barriers.class,
          "F", Failures.class,
          "C", Closes.class);

  private Contracts() {}

  /** How a test ended: empty rule if it checks none. */
  record Outcome(String test, TestExecutionResult.Status status, String message) {

    /** The first line of what it says. */
    String firstLine() {
      return message.lines().findFirst().orElse("");
    }
  }

  /** All tests of one rule. */
  static List<Outcome> check(BackendUnderTest backend, Rule rule) {
    Class<? extends Contract> contract =
        Optional.<Class<? extends Contract>>ofNullable(SECTIONS.get(rule.section())).orElseThrow();
    List<DiscoverySelector> tests = new ArrayList<>();
    for (Method method : contract.getMethods()) {
      Checks checks = method.getAnnotation(Checks.class);
      if (checks != null && checks.value() == rule) {
        tests.add(selectMethod(contract, method));
      }
    }
    return run(backend, tests);
  }

  /** All tests of a section. */
  static List<Outcome> checkSection(BackendUnderTest backend, String section) {
    return run(
        backend,
        List.of(
            selectClass(
                Optional.<Class<? extends Contract>>ofNullable(SECTIONS.get(section))
                    .orElseThrow())));
  }

  /** The sections there are. */
  static Stream<String> sections() {
    return SECTIONS.keySet().stream().sorted();
  }

  private static List<Outcome> run(BackendUnderTest backend, List<DiscoverySelector> tests) {
    UNDER_TEST.set(backend);
    return EngineTestKit.engine("junit-jupiter")
        .selectors(tests.toArray(DiscoverySelector[]::new))
        .execute()
        .testEvents()
        .finished()
        .stream()
        .map(Contracts::outcome)
        .toList();
  }

  private static Outcome outcome(Event event) {
    TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
    return new Outcome(
        event.getTestDescriptor().getDisplayName(),
        result.getStatus(),
        result.getThrowable().map(Throwable::getMessage).orElse(""));
  }

  static final class Availability extends AvailabilityContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }

  static final class Sessions extends SessionContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }

  static final class Windows extends WindowContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }

  static final class Memory extends MemoryContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }

  static final class Barriers extends BarrierContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }

  static final class Failures extends FailureContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }

  static final class Closes extends CloseContract {
    @Override
    protected BackendUnderTest backend() {
      return UNDER_TEST.get();
    }
  }
}

package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import comm.testkit.Capability;
import comm.testkit.conformance.Contracts.Outcome;
import comm.testkit.conformance.wrong.Wrong;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult.Status;

/** The kit finds nothing where nothing is wrong. */
@Tag("once")
class RightBackendTest {

  @TestFactory
  Stream<DynamicTest> a_backend_without_a_fault_passes_every_section() {
    return Contracts.sections()
        .map(section -> DynamicTest.dynamicTest(section, () -> passes(section)));
  }

  private static void passes(String section) {
    List<Outcome> outcomes = Contracts.checkSection(Wrong.none(), section);
    assertFalse(outcomes.isEmpty());
    assertEquals(List.of(), with(outcomes, Status.FAILED), "what the kit finds wrong");
    Set<String> reasons =
        Stream.of(Rule.values())
            .flatMap(rule -> rule.untestable().stream())
            .collect(Collectors.toSet());
    reasons.add(Wrong.none() + " does not declare " + Capability.RANKS_AS_PROCESSES);
    assertEquals(
        List.of(),
        with(outcomes, Status.ABORTED).stream()
            .filter(outcome -> !reasons.contains(outcome.firstLine().replaceFirst("^.*: ", "")))
            .toList(),
        "what is skipped without need");
  }

  private static List<Outcome> with(List<Outcome> outcomes, Status status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).toList();
  }
}

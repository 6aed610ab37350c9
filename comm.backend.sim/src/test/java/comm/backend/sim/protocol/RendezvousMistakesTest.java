package comm.backend.sim.protocol;

import static comm.backend.sim.protocol.WrongRendezvous.CLAIMS_BY_LOOKING_FIRST;
import static comm.backend.sim.protocol.WrongRendezvous.DOES_NOT_CHECK_THE_RIVAL;
import static comm.backend.sim.protocol.WrongRendezvous.FORMS_WITHOUT_SECOND_BARRIER_AND_RETRACTS_LATE;
import static comm.backend.sim.protocol.WrongRendezvous.FORMS_WITHOUT_WAITING;
import static comm.backend.sim.protocol.WrongRendezvous.IGNORES_OTHER_SIZE;
import static comm.backend.sim.protocol.WrongRendezvous.NEVER_RETRACTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import comm.backend.sim.protocol.Scenario.Faults;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rendezvous in this file is wrong! Random schedules find it; the shortest is shown. */
@Tag("once")
class RendezvousMistakesTest {

  private static final int SEED = 1;

  static Stream<Arguments> everyMistake() {
    List<Invariant> peaceful = RendezvousInvariants.peaceful();
    List<Invariant> mistaken = RendezvousInvariants.mistaken();
    return Stream.of(
        Arguments.of(
            RendezvousScenarios.twice(CLAIMS_BY_LOOKING_FIRST, 2, 1),
            mistaken,
            RendezvousInvariants.WHOLE),
        Arguments.of(
            RendezvousScenarios.otherSize(IGNORES_OTHER_SIZE, 2),
            mistaken,
            RendezvousInvariants.MIXED_UP),
        Arguments.of(run(NEVER_RETRACTS), peaceful, RendezvousInvariants.NAMES),
        Arguments.of(
            run(FORMS_WITHOUT_SECOND_BARRIER_AND_RETRACTS_LATE),
            peaceful,
            RendezvousInvariants.NAMES),
        Arguments.of(run(FORMS_WITHOUT_WAITING), peaceful, RendezvousInvariants.WHOLE));
  }

  private static Scenario run(WrongRendezvous mistake) {
    return RendezvousScenarios.run(mistake, 2, 1, Faults.NONE);
  }

  @ParameterizedTest
  @MethodSource("everyMistake")
  void is_caught(
      Scenario scenario, List<Invariant> invariants, String invariant, TestReporter report) {
    Random random = new Random(SEED);
    Violation shortest = null;
    for (int i = 0; i < 60; i++) {
      Violation found = Walk.take(scenario, invariants, random.nextInt(200), random::nextInt);
      if (found != null && (shortest == null || found.trace().size() < shortest.trace().size())) {
        shortest = found;
      }
    }

    assertNotNull(shortest, "not caught");
    report.publishEntry(scenario.name(), shortest.toString());
    assertEquals(invariant, shortest.invariant());
  }

  @Test
  void taking_a_dead_runs_remover_for_a_rival_is_caught(TestReporter report) {
    Explorer.Result result =
        Explorer.explore(
            RendezvousScenarios.atOnce(DOES_NOT_CHECK_THE_RIVAL),
            RendezvousInvariants.unrivalled(2),
            800_000);

    report.publishEntry("the remover", result.toString());
    assertNotNull(result.violation(), result::toString);
    assertEquals(RendezvousInvariants.RIVAL, result.violation().invariant());
  }
}

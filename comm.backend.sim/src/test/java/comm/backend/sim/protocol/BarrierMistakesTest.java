package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import comm.backend.sim.protocol.CentralCounter.Style;
import comm.backend.sim.protocol.Scenario.Faults;
import comm.backend.sim.protocol.Scenario.Freedom;
import comm.backend.sim.protocol.WrongBarrier.Mistake;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All barriers in this file are wrong! The explorer must say so, and say why. */
@Tag("once")
class BarrierMistakesTest {

  private static final int MOST_STATES = 1_000_000;
  private static final Faults NONE = Faults.NONE;
  private static final Faults CRASH = Faults.ONE_CRASH;
  private static final Faults TIMEOUT = Faults.ONE_ENDING;

  static Stream<Arguments> everyMistake() {
    return Stream.of(
        wrong(Mistake.CHECKS_SLEEPERS_BEFORE_ARRIVING, 2, 1, NONE, Explorer.ENDS),
        wrong(Mistake.NO_LOOK_AFTER_ANNOUNCING_SLEEP, 2, 1, NONE, Explorer.ENDS),
        wrong(Mistake.READS_BELL_AFTER_LAST_LOOK, 2, 1, NONE, Explorer.ENDS),
        wrong(Mistake.NEVER_WAKES, 2, 1, NONE, Explorer.ENDS),
        wrong(Mistake.SUCCESS_WITHOUT_LOOK_AT_POISON, 2, 1, TIMEOUT, BarrierInvariants.AGREEMENT),
        wrong(Mistake.NO_VERDICT, 2, 1, TIMEOUT, BarrierInvariants.AGREEMENT),
        wrong(Mistake.VERDICT_OF_OWN_EPOCH, 2, 1, TIMEOUT, BarrierInvariants.SAFETY),
        wrong(Mistake.VERDICT_NOT_REREAD, 2, 1, TIMEOUT, BarrierInvariants.AGREEMENT),
        wrong(Mistake.IGNORES_POISON_WHILE_WAITING, 2, 1, CRASH, Explorer.ENDS),
        wrong(Mistake.DEAD_RANK_COUNTS_AS_ARRIVED, 2, 1, CRASH, BarrierInvariants.SAFETY),
        wrong(Mistake.LOOKS_AT_NEIGHBOUR_ONLY, 3, 1, NONE, BarrierInvariants.SAFETY),
        wrong(Mistake.RESETS_EPOCH, 2, 2, NONE, BarrierInvariants.SAFETY),
        wrong(Mistake.RELEASE_BEFORE_ALL_SEEN, 3, 1, NONE, BarrierInvariants.SAFETY),
        wrong(Mistake.MISSING_WRITTEN_AFTER_POISON, 2, 1, TIMEOUT, BarrierInvariants.MISSING),
        wrong(Mistake.OVERWRITES_POISON, 3, 1, CRASH, BarrierInvariants.FIRST_CAUSE),
        central(Style.WITHOUT_PHASE, 2, NONE, Explorer.ENDS),
        central(Style.PHASE_BEFORE_RESET, 2, NONE, Explorer.ENDS),
        central(Style.PHASE_THAT_LIES_AFTER_A_TIMEOUT, 2, TIMEOUT, BarrierInvariants.FIRST_CAUSE));
  }

  private static Arguments wrong(
      Mistake mistake, int size, int barriers, Faults faults, String invariant) {
    String name = mistake.name();
    return Arguments.of(
        name,
        BarrierScenarios.meeting(name, WrongBarrier.with(mistake), size, barriers, faults),
        invariant);
  }

  private static Arguments central(Style style, int barriers, Faults faults, String invariant) {
    String name = style.name();
    return Arguments.of(
        name,
        BarrierScenarios.meeting(name, CentralCounter.of(style), 2, barriers, faults),
        invariant);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyMistake")
  void is_caught(String name, Scenario scenario, String invariant, TestReporter report) {
    assertCaught(scenario, invariant, report);
  }

  @Test
  void a_missing_fence_is_caught_where_stores_are_buffered(TestReporter report) {
    Scenario scenario =
        BarrierScenarios.meeting(
                "ARRIVES_WITHOUT_FENCE",
                WrongBarrier.with(Mistake.ARRIVES_WITHOUT_FENCE),
                2,
                1,
                NONE)
            .with(Freedom.STORE_BUFFERS);

    assertCaught(scenario, Explorer.ENDS, report);
  }

  @Test
  void calling_a_rank_dead_that_left_is_caught(TestReporter report) {
    Scenario scenario =
        BarrierScenarios.leaving(WrongBarrier.with(Mistake.CALLS_LEFT_DEAD), 2, 1, NONE);

    assertCaught(scenario, BarrierInvariants.TRUE_CAUSE, report);
  }

  @Test
  void the_same_barrier_without_a_mistake_passes() {
    for (Faults faults : new Faults[] {NONE, CRASH, TIMEOUT}) {
      Scenario scenario =
          BarrierScenarios.meeting("no mistake", WrongBarrier.withNone(), 2, 2, faults);

      assertNull(Explorer.explore(scenario, BarrierInvariants.all(), MOST_STATES).violation());
    }
  }

  private static void assertCaught(Scenario scenario, String invariant, TestReporter report) {
    Explorer.Result result = Explorer.explore(scenario, BarrierInvariants.all(), MOST_STATES);

    Violation violation = result.violation();
    assertNotNull(violation, () -> "not caught: " + result);
    report.publishEntry(
        scenario.name(),
        violation.trace().size() - 1 + " moves, \"" + violation.invariant() + "\"");
    assertEquals(invariant, violation.invariant(), violation::toString);
  }
}

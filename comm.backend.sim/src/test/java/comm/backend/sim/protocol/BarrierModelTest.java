package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.backend.sim.protocol.Scenario.Faults;
import comm.backend.sim.protocol.Scenario.Freedom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The production barrier in every interleaving of its steps. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("once")
class BarrierModelTest {

  private static final int MOST_STATES = 1_500_000;

  private static final Faults[] EVERY_FAULT = {
    Faults.NONE, Faults.ONE_CRASH, Faults.ONE_ENDING, Faults.ONE_SPURIOUS
  };

  static Stream<Arguments> everyMeeting() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (boolean wide : new boolean[] {false, true}) {
      for (Faults faults : EVERY_FAULT) {
        all.add(Arguments.of(2, 3, wide, 0, faults));
        all.add(Arguments.of(2, 3, wide, 1, faults));
        if (faults.endings() == 0) {
          all.add(Arguments.of(3, 1, wide, 0, faults));
        }
      }
    }
    all.add(Arguments.of(3, 1, false, 1, Faults.ONE_CRASH));
    all.add(Arguments.of(3, 2, false, 0, Faults.NONE));
    return all.build();
  }

  @ParameterizedTest(name = "{0} ranks, {1} barriers, wide {2}, spins {3}, {4}")
  @MethodSource("everyMeeting")
  void keeps_every_promise_in_every_interleaving(
      int size, int barriers, boolean wide, int spins, Faults faults, TestReporter report) {
    String name = size + " ranks, " + barriers + " barriers, wide " + wide + ", spins " + spins;
    Scenario scenario =
        BarrierScenarios.meeting(name, AnyBarrier.real(spins, wide), size, barriers, faults);

    assertKept(scenario, report);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keeps_every_promise_when_waits_are_interrupted_or_cancelled(
      boolean wide, TestReporter report) {
    Scenario scenario =
        BarrierScenarios.meeting(
                "any ending, idle checks", AnyBarrier.real(0, wide), 2, 2, Faults.ONE_ENDING)
            .with(Freedom.EVERYTHING);

    assertKept(scenario, report);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keeps_every_promise_where_stores_are_buffered(boolean wide, TestReporter report) {
    for (Faults faults : EVERY_FAULT) {
      Scenario scenario =
          BarrierScenarios.meeting("store buffers", AnyBarrier.real(0, wide), 2, 2, faults)
              .with(Freedom.STORE_BUFFERS);

      assertKept(scenario, report);
    }
  }

  /** Too many states for a test; the random schedules go further. */
  @Test
  void three_ranks_with_a_timeout_as_far_as_the_states_go(TestReporter report) {
    Scenario scenario =
        BarrierScenarios.meeting(
            "3 ranks, 1 barrier", AnyBarrier.real(0, false), 3, 1, Faults.ONE_ENDING);

    Explorer.Result result = Explorer.explore(scenario, BarrierInvariants.all(), 1_000_000);

    report.publishEntry(scenario.name(), scenario.faults() + ": " + result);
    assertNull(result.violation(), result::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void a_rank_that_leaves_breaks_the_barrier_it_does_not_come_to(int size, TestReporter report) {
    Scenario scenario =
        BarrierScenarios.leaving(AnyBarrier.real(0, false), size, 4 - size, Faults.NONE);

    assertKept(scenario, report);
  }

  private static void assertKept(Scenario scenario, TestReporter report) {
    Explorer.Result result = Explorer.explore(scenario, BarrierInvariants.all(), MOST_STATES);

    report.publishEntry(scenario.name(), scenario.faults() + ": " + result);
    assertNull(result.violation(), result::toString);
    assertTrue(result.complete(), result::toString);
  }
}

package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.backend.sim.protocol.Scenario.Faults;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** The production rendezvous: two ranks in every interleaving, more by random schedules. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("once")
class RendezvousModelTest {

  private static final int MOST_STATES = 800_000;
  private static final int SEED = 20_261_122;
  private static final AnyRendezvous REAL = AnyRendezvous.REAL;

  @Test
  void two_ranks_always_form_a_run(TestReporter report) {
    explore(
        RendezvousScenarios.run(REAL, 2, 1, Faults.NONE), RendezvousInvariants.peaceful(), report);
  }

  @Test
  void runs_on_the_same_path_never_mix(TestReporter report) {
    explore(
        RendezvousScenarios.run(REAL, 2, 2, Faults.NONE), RendezvousInvariants.peaceful(), report);
  }

  @Test
  void a_crash_at_any_step_ends_the_run_for_all(TestReporter report) {
    explore(
        RendezvousScenarios.run(REAL, 2, 1, Faults.ONE_CRASH), RendezvousInvariants.all(), report);
  }

  @Test
  void a_timeout_at_any_step_ends_the_run_for_all(TestReporter report) {
    explore(
        RendezvousScenarios.run(REAL, 2, 1, Faults.ONE_ENDING), RendezvousInvariants.all(), report);
  }

  @Test
  void a_rank_that_is_removing_a_dead_runs_file_is_not_taken_for_a_rival(TestReporter report) {
    explore(RendezvousScenarios.atOnce(REAL), RendezvousInvariants.unrivalled(2), report);
  }

  @Test
  void another_size_is_an_error_for_both(TestReporter report) {
    explore(RendezvousScenarios.otherSize(REAL, 2), RendezvousInvariants.mistaken(), report);
  }

  @Test
  void the_next_run_forms_whatever_the_first_left_behind() {
    walk(RendezvousScenarios.again(REAL, 2), RendezvousInvariants.next(2));
    walk(RendezvousScenarios.again(REAL, 3), RendezvousInvariants.next(3));
  }

  @Test
  void a_rank_that_comes_twice_gets_in_once_at_most() {
    for (int size = 2; size <= 3; size++) {
      for (int rank = 0; rank < size; rank++) {
        walk(RendezvousScenarios.twice(REAL, size, rank), RendezvousInvariants.mistaken());
      }
    }
  }

  @Test
  void three_ranks_form_a_run_or_all_fail() {
    walk(RendezvousScenarios.run(REAL, 3, 2, Faults.NONE), RendezvousInvariants.peaceful());
    walk(RendezvousScenarios.run(REAL, 3, 1, Faults.ONE_CRASH), RendezvousInvariants.all());
    walk(RendezvousScenarios.run(REAL, 3, 1, Faults.ONE_ENDING), RendezvousInvariants.all());
    walk(RendezvousScenarios.otherSize(REAL, 3), RendezvousInvariants.mistaken());
  }

  private static void explore(Scenario scenario, List<Invariant> invariants, TestReporter report) {
    Explorer.Result result = Explorer.explore(scenario, invariants, MOST_STATES);

    report.publishEntry(scenario.name(), result.toString());
    assertNull(result.violation(), result::toString);
    assertTrue(result.complete(), result::toString);
  }

  private static void walk(Scenario scenario, List<Invariant> invariants) {
    Random random = new Random(SEED);
    for (int i = 0; i < 500; i++) {
      int chosen = random.nextInt(250);

      assertNull(Walk.take(scenario, invariants, chosen, random::nextInt), scenario.name());
    }
  }
}

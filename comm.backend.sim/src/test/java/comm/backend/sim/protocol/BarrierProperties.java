package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertNull;

import comm.backend.sim.protocol.Scenario.Faults;
import java.util.List;
import java.util.function.IntUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random schedules, for more ranks than can be explored. */
@Tag("once")
class BarrierProperties {

  @Property(tries = 60)
  void a_barrier_of_up_to_64_ranks_keeps_its_promises(
      @ForAll @IntRange(min = 4, max = 64) int size,
      @ForAll @IntRange(min = 1, max = 2) int barriers,
      @ForAll @IntRange(max = 1) int spins,
      @ForAll @IntRange(max = 1) int crashes,
      @ForAll @IntRange(max = 1) int endings,
      @ForAll @Size(max = 300) List<@IntRange(max = 1_000_000) Integer> choices) {
    Faults faults = new Faults(crashes, endings, 1);
    boolean wide = size > 8;
    Scenario scenario =
        BarrierScenarios.meeting("random", AnyBarrier.real(spins, wide), size, barriers, faults);

    assertNull(Walk.take(scenario, BarrierInvariants.all(), choices.size() / 2, choose(choices)));
  }

  @Property(tries = 150)
  void a_rendezvous_of_a_few_ranks_keeps_its_promises(
      @ForAll @IntRange(min = 2, max = 12) int size,
      @ForAll @IntRange(max = 1) int crashes,
      @ForAll @Size(max = 300) List<@IntRange(max = 1_000_000) Integer> choices) {
    Scenario scenario =
        RendezvousScenarios.run(AnyRendezvous.REAL, size, 1, new Faults(crashes, 0, 0));

    assertNull(
        Walk.take(
            scenario,
            crashes == 0 ? RendezvousInvariants.peaceful() : RendezvousInvariants.all(),
            choices.size() / 2,
            choose(choices)));
  }

  /** Few tries: every rank opens, reads and claims, so a schedule of 64 has thousands of moves. */
  @Property(tries = 25)
  void a_rendezvous_of_up_to_64_ranks_keeps_its_promises(
      @ForAll @IntRange(min = 13, max = 64) int size,
      @ForAll @Size(max = 300) List<@IntRange(max = 1_000_000) Integer> choices) {
    Scenario scenario = RendezvousScenarios.run(AnyRendezvous.REAL, size, 1, new Faults(0, 0, 0));

    assertNull(
        Walk.take(scenario, RendezvousInvariants.peaceful(), choices.size() / 2, choose(choices)));
  }

  /** Each move takes two choices: whether something goes wrong, and what happens. */
  private static IntUnaryOperator choose(List<Integer> choices) {
    int[] next = {0};
    return bound -> choices.get(Math.min(next[0]++, choices.size() - 1)) % bound;
  }
}

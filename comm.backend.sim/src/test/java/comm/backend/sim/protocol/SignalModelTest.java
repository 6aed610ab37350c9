package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.backend.sim.protocol.Scenario.Faults;
import comm.backend.sim.protocol.Scenario.Freedom;
import comm.backend.sim.protocol.Scenario.Member;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Waiting for a word, in every interleaving with whoever changes it, leaves or dies. */
class SignalModelTest {

  private static final int WORD = Cells.windowWord(0);

  private static final Program WAITER =
      self -> {
        Words words = self.words();
        Signal.Outcome outcome =
            Signal.await(words, self.waiting(), 0, 2, 0, () -> words.read(WORD) == 1);
        self.concludes(outcome.name(), 0);
      };

  /** As the session does it: the word, a fence, and a look at the sleepers. */
  private static final Program SIGNALLER =
      self -> {
        self.words().publish(WORD, 1);
        if (self.words().read(ControlLayout.signalSleepers(0)) != 0) {
          Signal.ring(self.words(), self.waiting(), 0);
        }
      };

  private static final Program LEAVER =
      self -> BarrierScenarios.leave(self, self.words(), self.waiting(), 1, 2);

  private static Scenario scenario(Program other, Faults faults) {
    List<Member> members =
        List.of(
            new Member("rank 0", 0, WAITER, Set.of(), false),
            new Member("rank 1", 1, other, Set.of(), true));
    return new Scenario("signal, one leaves or dies", 2, members, faults, Freedom.SIGNALS);
  }

  private static void assertEnds(Scenario scenario) {
    Explorer.Result result = Explorer.explore(scenario, List.of(), 500_000);

    assertNull(result.violation(), result::toString);
    assertTrue(result.complete());
  }

  @Test
  void a_signal_is_never_lost() {
    assertEnds(scenario(SIGNALLER, Faults.NONE));
    assertEnds(scenario(SIGNALLER, Faults.ONE_SPURIOUS));
  }

  @Test
  void whoever_waits_for_a_rank_that_dies_comes_to_an_end() {
    assertEnds(scenario(SIGNALLER, Faults.ONE_CRASH));
  }

  @Test
  void whoever_waits_for_a_rank_that_leaves_comes_to_an_end() {
    assertEnds(scenario(LEAVER, Faults.NONE));
  }
}

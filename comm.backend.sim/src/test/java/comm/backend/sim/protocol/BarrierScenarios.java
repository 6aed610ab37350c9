package comm.backend.sim.protocol;

import comm.backend.sim.protocol.Scenario.Faults;
import comm.backend.sim.protocol.Scenario.Freedom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Ranks that have formed a communicator and meet in barriers. */
final class BarrierScenarios {

  private BarrierScenarios() {}

  /** All ranks meet so many times. */
  static Scenario meeting(
      String name, AnyBarrier.Maker maker, int size, int barriers, Faults faults) {
    List<Scenario.Member> members = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      members.add(
          new Scenario.Member(
              "rank " + rank, rank, program(maker, rank, size, barriers), Set.of(), true));
    }
    return new Scenario(name, size, members, faults, Freedom.BARRIER);
  }

  /** The last rank meets the others once less and leaves. */
  static Scenario leaving(AnyBarrier.Maker maker, int size, int barriers, Faults faults) {
    List<Scenario.Member> members = new ArrayList<>();
    for (int rank = 0; rank < size - 1; rank++) {
      members.add(
          new Scenario.Member(
              "rank " + rank, rank, program(maker, rank, size, barriers), Set.of(), true));
    }
    int last = size - 1;
    Program leaver =
        self -> {
          program(maker, last, size, barriers - 1).run(self);
          leave(self, self.words(), self.waiting(), last, size);
          self.concludes("left", 0);
        };
    members.add(new Scenario.Member("rank " + last, last, leaver, Set.of(), true));
    return new Scenario(size + " ranks, one leaves", size, members, faults, Freedom.BARRIER);
  }

  /** As the session's close does it. */
  static void leave(Execution self, Words words, Wait wait, int rank, int size) {
    words.publish(ControlLayout.state(rank), ControlLayout.LEFT);
    Barrier.wakeEverybody(words, wait, size);
    self.perform(Step.CLOSE, 0, 0, 0, 0);
  }

  /** Meets until a barrier breaks, and once more then, as a caller who doesn't know better. */
  private static Program program(AnyBarrier.Maker maker, int rank, int size, int barriers) {
    return self -> {
      AnyBarrier barrier = maker.make(self, rank, size);
      Wait wait = self.waiting();
      boolean held = true;
      for (int i = 0; i < barriers && held; i++) {
        self.arrives();
        held = barrier.await(wait);
        self.passed(held);
      }
      if (!held && barriers > 1) {
        self.arrives();
        self.passed(barrier.await(wait));
      }
    };
  }
}

package comm.backend.sim.protocol;

import comm.api.spi.BackendFailure;
import comm.backend.sim.protocol.ModelMeetingPlace.ModelControl;
import comm.backend.sim.protocol.Rendezvous.Outcome;
import comm.backend.sim.protocol.Scenario.Faults;
import comm.backend.sim.protocol.Scenario.Freedom;
import comm.backend.sim.protocol.Scenario.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Processes that know nothing but a path and want to form a communicator. */
final class RendezvousScenarios {

  static final String FORMED = "formed";
  static final String BROKEN = "broken";
  static final String TAKEN = "taken";
  static final String OTHER_SIZE = "other size";
  static final String ENDED = "ended";

  private RendezvousScenarios() {}

  /** One run of all ranks, each of which opens and closes so many times. */
  static Scenario run(AnyRendezvous kind, int size, int times, Faults faults) {
    List<Member> members = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      members.add(member("rank " + rank, kind, rank, size, times, Set.of(), true));
    }
    return scenario(size + " ranks, " + times + " times", size, members, faults);
  }

  /** A run in which one process crashes, and another run after it on the same path. */
  static Scenario again(AnyRendezvous kind, int size) {
    List<Member> members = new ArrayList<>();
    Set<Integer> first = new HashSet<>();
    for (int rank = 0; rank < size; rank++) {
      members.add(member("rank " + rank, kind, rank, size, 1, Set.of(), true));
      first.add(rank);
    }
    for (int rank = 0; rank < size; rank++) {
      members.add(member("next rank " + rank, kind, rank, size, 1, Set.copyOf(first), false));
    }
    return scenario(size + " ranks, and again", size, members, Faults.ONE_CRASH);
  }

  /** The next run begins as soon as rank 0 of the first has been killed. */
  static Scenario atOnce(AnyRendezvous kind) {
    List<Member> members = new ArrayList<>();
    members.add(member("rank 0", kind, 0, 2, 1, Set.of(), true));
    members.add(member("rank 1", kind, 1, 2, 1, Set.of(), false));
    members.add(member("next rank 0", kind, 0, 2, 1, Set.of(0), false));
    return scenario("the next rank 0 comes at once", 2, members, Faults.ONE_CRASH);
  }

  /** Two processes come as the same rank. */
  static Scenario twice(AnyRendezvous kind, int size, int rank) {
    List<Member> members = new ArrayList<>(run(kind, size, 1, Faults.NONE).members());
    members.add(member("second rank " + rank, kind, rank, size, 1, Set.of(), true));
    return scenario("rank " + rank + " of " + size + " twice", size, members, Faults.NONE);
  }

  /** The last rank believes in another number of ranks. */
  static Scenario otherSize(AnyRendezvous kind, int size) {
    List<Member> members = new ArrayList<>(run(kind, size, 1, Faults.NONE).members());
    members.set(
        size - 1, member("rank " + (size - 1), kind, size - 1, size + 1, 1, Set.of(), true));
    return scenario("another size than " + size, size, members, Faults.NONE);
  }

  private static Scenario scenario(String name, int size, List<Member> members, Faults faults) {
    return new Scenario(name + ", " + faults, size, members, faults, Freedom.RENDEZVOUS);
  }

  private static Member member(
      String name,
      AnyRendezvous kind,
      int rank,
      int size,
      int times,
      Set<Integer> after,
      boolean mortal) {
    Program program =
        self -> {
          for (int i = 0; i < times; i++) {
            meet(self, kind, rank, size);
          }
        };
    return new Member(name, rank, program, after, mortal);
  }

  /** As the backend opens a session and closes it again. */
  private static void meet(Execution self, AnyRendezvous kind, int rank, int size)
      throws BackendFailure {
    ModelMeetingPlace place = new ModelMeetingPlace(self, size);
    Outcome outcome = kind.meet(place, rank, size);
    if (outcome instanceof Outcome.Formed formed) {
      ModelControl control = (ModelControl) formed.control();
      self.concludes(FORMED, control.segment());
      control.words().publish(ControlLayout.state(rank), ControlLayout.LEFT);
      int ranks = (int) control.words().read(ControlLayout.SIZE);
      Barrier.wakeEverybody(control.words(), control.waiting(), ranks);
      control.close();
    } else if (outcome instanceof Outcome.Broken broken) {
      ModelControl control = (ModelControl) broken.control();
      self.concludes(BROKEN, control.segment());
      control.close();
      place.removeDead(control);
    } else if (outcome instanceof Outcome.Taken) {
      self.concludes(TAKEN, -1);
    } else if (outcome instanceof Outcome.OtherSize) {
      self.concludes(OTHER_SIZE, -1);
    } else {
      self.concludes(ENDED, -1);
    }
  }
}

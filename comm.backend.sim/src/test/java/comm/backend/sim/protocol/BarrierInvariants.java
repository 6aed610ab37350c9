package comm.backend.sim.protocol;

import comm.backend.sim.protocol.ProcessState.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a barrier promises. */
final class BarrierInvariants {

  static final String SAFETY = "nobody passes before all have arrived";
  static final String AGREEMENT = "a barrier holds for all or breaks for all";
  static final String SUCCESS = "without a fault every barrier holds";
  static final String BROKEN_FOR_GOOD = "once broken, every later barrier breaks";
  static final String FIRST_CAUSE = "the first cause stands";
  static final String TRUE_CAUSE = "the cause is true";
  static final String MISSING = "the missing ranks are those that had not come";

  private BarrierInvariants() {}

  static List<Invariant> all() {
    return List.of(
        new Safety(),
        new Agreement(),
        new Success(),
        new BrokenForGood(),
        new FirstCause(),
        new TrueCause(),
        new Missing());
  }

  private static final class Safety extends Invariant {
    Safety() {
      super(SAFETY);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      for (int i = 0; i < after.processes.length; i++) {
        int passed = 64 - Long.numberOfLeadingZeros(after.processes[i].held());
        for (int other = 0; other < after.processes.length; other++) {
          if (after.processes[other].arrived() < passed) {
            return "rank "
                + i
                + " passed barrier "
                + passed
                + ", in which rank "
                + other
                + " had not arrived";
          }
        }
      }
      return null;
    }
  }

  private static final class Agreement extends Invariant {
    Agreement() {
      super(AGREEMENT);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      long held = 0;
      long broken = 0;
      for (ProcessState process : after.processes) {
        held |= process.held();
        broken |= process.broken();
      }
      long both = held & broken;
      return both == 0
          ? null
          : "barrier "
              + (Long.numberOfTrailingZeros(both) + 1)
              + " held for some and broke for others";
    }
  }

  private static final class Success extends Invariant {
    Success() {
      super(SUCCESS);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      if (after.isTroubled()) {
        return null;
      }
      for (int i = 0; i < after.processes.length; i++) {
        if (after.processes[i].broken() != 0) {
          return "a barrier broke for rank " + i + ", and nothing had gone wrong";
        }
      }
      return after.poison(0) == 0 ? null : "a poison was set, and nothing had gone wrong";
    }
  }

  private static final class BrokenForGood extends Invariant {
    BrokenForGood() {
      super(BROKEN_FOR_GOOD);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      for (int i = 0; i < after.processes.length; i++) {
        ProcessState process = after.processes[i];
        if (process.broken() != 0 && process.held() > Long.lowestOneBit(process.broken())) {
          return "a barrier held for rank " + i + " after one had broken";
        }
      }
      return null;
    }
  }

  private static final class FirstCause extends Invariant {
    FirstCause() {
      super(FIRST_CAUSE);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      long first = before.poison(0);
      if (first != 0 && after.poison(0) != first) {
        return "the poison changed";
      }
      for (int i = 0; i < after.processes.length; i++) {
        if (after.processes[i].broken() != 0 && after.poison(0) == 0) {
          return "a barrier broke for rank " + i + " and there is no poison that says why";
        }
      }
      return null;
    }
  }

  private static final class TrueCause extends Invariant {
    TrueCause() {
      super(TRUE_CAUSE);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      long word = after.poison(0);
      if (word == 0 || before.poison(0) != 0) {
        return null;
      }
      Poison poison = Poison.decode(word);
      int subject = poison.subject();
      boolean isTrue =
          switch (poison.kind()) {
            case DEAD -> after.processes[subject].status() == Status.CRASHED;
            case TIMED_OUT, INTERRUPTED ->
                after.endedFirst == subject && poison.reporter() == subject;
            case LEFT ->
                after.segments.get(0).get(ControlLayout.state(subject)) == ControlLayout.LEFT
                    || after.endedFirst == subject;
            case DUPLICATE, OTHER_SIZE -> false;
          };
      return isTrue ? null : poison + " is not what happened";
    }
  }

  private static final class Missing extends Invariant {
    Missing() {
      super(MISSING);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      long word = after.poison(0);
      if (word == 0
          || before.poison(0) != 0
          || Poison.decode(word).kind() != Poison.Kind.TIMED_OUT) {
        return null;
      }
      int reporter = Poison.decode(word).reporter();
      long missing = after.segments.get(0).get(ControlLayout.missing(reporter));
      if ((missing & after.arrivedWhenEnded) != 0) {
        return "a rank is called missing that had come before the time was out";
      }
      int barrier = after.processes[reporter].arrived();
      for (int other = 0; other < after.processes.length; other++) {
        if (after.processes[other].arrived() < barrier && (missing & 1L << other) == 0) {
          return "rank " + other + " has not come and is not called missing";
        }
      }
      return null;
    }
  }
}

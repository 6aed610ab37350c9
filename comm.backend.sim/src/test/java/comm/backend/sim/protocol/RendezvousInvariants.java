package comm.backend.sim.protocol;

import comm.backend.sim.protocol.ProcessState.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a rendezvous promises. */
final class RendezvousInvariants {

  static final String WHOLE = "a run that forms has each of its ranks once";
  static final String ALL_OR_NONE = "a run forms for all or for nobody";
  static final String FORMS = "without a fault every run forms";
  static final String MIXED_UP = "a mistake is an error for everybody concerned";
  static final String NAMES = "no name is left, unless its owner was killed";
  static final String NEXT = "the next run on the path forms";

  static final String RIVAL = "only a living process takes a rank's place";

  private RendezvousInvariants() {}

  static List<Invariant> all() {
    return List.of(new Whole(), new AllOrNone(), new Names());
  }

  /** For scenarios in which nothing is wrong. */
  static List<Invariant> peaceful() {
    List<Invariant> all = new ArrayList<>(all());
    all.add(
        new AtEnd(FORMS) {
          @Override
          boolean mayBe(World end, int process) {
            List<Conclusion> conclusions = end.processes[process].conclusions();
            return conclusions.stream().allMatch(c -> c.what().equals(RendezvousScenarios.FORMED));
          }
        });
    return all;
  }

  /** For scenarios with a duplicate or with two sizes: a whole run forms, or nobody gets in. */
  static List<Invariant> mistaken() {
    List<Invariant> all = new ArrayList<>(List.of(new Whole(), new Names()));
    all.add(
        new Invariant(MIXED_UP) {
          @Override
          @Nullable String brokenAtEnd(World end) {
            int errors = 0;
            for (ProcessState process : end.processes) {
              errors += process.concluded(RendezvousScenarios.FORMED) ? 0 : 1;
            }
            return errors > 0 ? null : "all of them believe that they are in";
          }
        });
    return all;
  }

  /** For scenarios in which other processes follow those of a first run. */
  static List<Invariant> next(int first) {
    List<Invariant> all = new ArrayList<>(List.of(new Whole()));
    all.add(
        new AtEnd(NEXT) {
          @Override
          boolean mayBe(World end, int process) {
            return process < first || end.processes[process].concluded(RendezvousScenarios.FORMED);
          }
        });
    return all;
  }

  /** For scenarios in which a rank 0 has no living rival. */
  static List<Invariant> unrivalled(int newcomer) {
    return List.of(
        new AtEnd(RIVAL) {
          @Override
          boolean mayBe(World end, int process) {
            return process != newcomer
                || !end.processes[process].concluded(RendezvousScenarios.TAKEN);
          }
        });
  }

  /** A condition on each process once all are over. */
  private abstract static class AtEnd extends Invariant {
    AtEnd(String name) {
      super(name);
    }

    abstract boolean mayBe(World end, int process);

    @Override
    final @Nullable String brokenAtEnd(World end) {
      for (int i = 0; i < end.processes.length; i++) {
        if (!mayBe(end, i)) {
          return end.scenario.members().get(i).name()
              + " ended as "
              + end.processes[i].conclusions();
        }
      }
      return null;
    }
  }

  private static Set<Integer> formed(World world, int run) {
    Set<Integer> members = new HashSet<>();
    Conclusion formed = new Conclusion(RendezvousScenarios.FORMED, run);
    for (int i = 0; i < world.processes.length; i++) {
      if (world.processes[i].conclusions().contains(formed)) {
        members.add(i);
      }
    }
    return members;
  }

  private static final class Whole extends Invariant {
    Whole() {
      super(WHOLE);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      for (int run = 0; run < after.segments.size(); run++) {
        Set<Integer> ranks = new HashSet<>();
        for (int process : formed(after, run)) {
          if (!ranks.add(after.scenario.members().get(process).rank())) {
            return "run " + run + " has a rank twice: processes " + formed(after, run);
          }
        }
        if (!ranks.isEmpty() && !allJoined(after, run)) {
          return "run " + run + " formed before all its ranks had joined";
        }
      }
      return null;
    }

    private static boolean allJoined(World world, int run) {
      Segment segment = world.segments.get(run);
      for (int rank = 0; rank < segment.size(); rank++) {
        if (segment.get(ControlLayout.state(rank)) == ControlLayout.FREE) {
          return false;
        }
      }
      return true;
    }
  }

  private static final class AllOrNone extends Invariant {
    AllOrNone() {
      super(ALL_OR_NONE);
    }

    @Override
    @Nullable String brokenBy(World before, World after) {
      for (int run = 0; run < after.segments.size(); run++) {
        Conclusion broken = new Conclusion(RendezvousScenarios.BROKEN, run);
        Set<Integer> formed = formed(after, run);
        for (ProcessState process : after.processes) {
          if (!formed.isEmpty() && process.conclusions().contains(broken)) {
            return "run " + run + " formed for some and broke for others";
          }
        }
      }
      return null;
    }

    @Override
    @Nullable String brokenAtEnd(World end) {
      for (int run = 0; run < end.segments.size(); run++) {
        Set<Integer> ranks = new HashSet<>();
        for (int process : formed(end, run)) {
          ranks.add(end.scenario.members().get(process).rank());
        }
        if (ranks.isEmpty()) {
          continue;
        }
        for (int i = 0; i < end.processes.length; i++) {
          if (end.processes[i].status() == Status.CRASHED) {
            ranks.add(end.scenario.members().get(i).rank());
          }
        }
        if (ranks.size() < end.segments.get(run).size()) {
          return "run " + run + " formed, but only for processes " + formed(end, run);
        }
      }
      return null;
    }
  }

  private static final class Names extends Invariant {
    Names() {
      super(NAMES);
    }

    @Override
    @Nullable String brokenAtEnd(World end) {
      if (end.path >= 0 && !end.hasCrashed(end.segments.get(end.path).creator)) {
        return "the rootinfo file of run " + end.path + " is left";
      }
      for (int run = 0; run < end.segments.size(); run++) {
        Segment segment = end.segments.get(run);
        if (segment.named && !end.hasCrashed(segment.creator)) {
          return "the name of the segment of run " + run + " is left";
        }
      }
      return null;
    }
  }
}

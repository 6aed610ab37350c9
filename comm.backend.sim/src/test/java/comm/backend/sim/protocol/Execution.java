package comm.backend.sim.protocol;

import comm.api.spi.BackendFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program from its start, in which the steps that its process has done already are
 * answered from its history. At the first step beyond, the run is given up: that step is what the
 * process does next. So protocol code in direct style can be stopped between any two steps and
 * taken up again, in one thread, and in many different futures.
 *
 * <p>It also computes what the further behaviour depends on, as a hash. Where a program has just
 * come round a waiting loop that is less than its whole history: the barrier it is in, the run it
 * is attached to, and whom it has seen arrive. Two histories that agree there are one state.
 */
final class Execution {

  /** Ends a run; nobody may catch it, and the code's own clean-up must not do anything. */
  private static final class Stop extends Error {
    private static final long serialVersionUID = 1;

    Stop() {
      super("stopped by the model", null, false, false);
    }
  }

  /** No bell was read that a sleep will be compared with. */
  static final long NO_BELL = -1;

  private final History[] script;
  private final int rank;
  private int position;
  private @Nullable Operation pending;

  private final List<Conclusion> conclusions = new ArrayList<>();
  private int arrived;
  private boolean arriving;
  private long held;
  private long broken;
  private int results;

  private long chain;
  private long hash;
  private int attached = -1;
  private long target;
  private long seen;
  private boolean settling;
  private long smallest = Long.MAX_VALUE;
  private long bell = NO_BELL;
  private LongSupplier fingerprint = () -> 0;

  private Execution(@Nullable History history, int rank) {
    this.script = History.inOrder(history);
    this.rank = rank;
  }

  /** Where a process is after its history. */
  static ProcessState replay(
      Program program, int rank, @Nullable History history, ProcessState before) {
    Execution execution = new Execution(history, rank);
    boolean finished = false;
    try {
      program.run(execution);
      finished = true;
    } catch (Stop e) {
      // The next step is pending.
    } catch (BackendFailure e) {
      throw new AssertionError("the model never fails a call", e);
    }
    if (execution.position != execution.script.length) {
      throw new AssertionError(
          "not deterministic: finished after "
              + execution.position
              + " of "
              + execution.script.length
              + " steps");
    }
    return execution.result(finished, history, before);
  }

  private ProcessState result(boolean finished, @Nullable History history, ProcessState before) {
    @Nullable History shortest = history;
    @Nullable History anchor = before.anchor();
    long anchorHash = before.anchorHash();
    long local = hash;
    Operation next = pending;
    if (next != null && next.step().isAnchor()) {
      local = Hash.mix(anchorHash(), Hash.code(next.step()));
      if (local == anchorHash) {
        shortest = anchor;
      } else {
        anchor = history;
        anchorHash = local;
      }
    }
    return new ProcessState(
        finished ? ProcessState.Status.FINISHED : ProcessState.Status.READY,
        shortest,
        finished ? null : next,
        Hash.mix(local, finished ? 1 : 0),
        anchor,
        anchorHash,
        bell,
        arrived,
        held,
        broken,
        List.copyOf(conclusions));
  }

  private long anchorHash() {
    long anchor = Hash.mix(Hash.mix(chain, attached + 1), target);
    return Hash.mix(Hash.mix(anchor, seen), fingerprint.getAsLong());
  }

  /** Does one step: answers from the history, or stops here. */
  long perform(Step step, int segment, int place, long first, long second) {
    if (pending != null) {
      throw new Stop();
    }
    if (position == script.length) {
      pending = new Operation(step, segment, place, first, second);
      throw new Stop();
    }
    History past = script[position];
    Operation then = past.operation();
    if (then.step() != step
        || then.segment() != segment
        || then.place() != place
        || then.first() != first
        || then.second() != second) {
      throw new AssertionError(
          "not deterministic: step "
              + position
              + " was "
              + then
              + ", and is now "
              + new Operation(step, segment, place, first, second));
    }
    position++;
    observe(step, place, first, past.answer());
    return past.answer();
  }

  private void observe(Step step, int place, long first, long answer) {
    if (arriving) {
      arriving = false;
      arrived++;
    }
    switch (step) {
      case PUBLISH, WRITE -> {
        if (place == ControlLayout.epoch(rank)) {
          target = first;
          seen = 0;
          // Whoever begins to wait knows by now where it is, and nothing else.
          hash = anchorHash();
        }
      }
      case READ -> {
        if (isEpoch(place) && answer >= target) {
          int stride = ControlLayout.epoch(1) - ControlLayout.epoch(0);
          seen |= 1L << ((place - ControlLayout.epoch(0)) / stride);
        }
        settling |= place == ControlLayout.POISON && answer != 0;
        bell = isBell(place) ? answer : bell;
      }
      case SLEEP -> bell = NO_BELL;
      case CREATE, ATTACH -> attached = (int) answer;
      case CLOSE -> {
        attached = -1;
        target = 0;
        seen = 0;
      }
      default -> {}
    }
    if (step.isAnchor() || step == Step.SLEEP || step == Step.STAY_AWAKE) {
      hash = anchorHash();
    }
    long asked = step == Step.SLEEP ? 0 : first;
    hash = Hash.mix(Hash.mix(hash, Hash.code(step) * 65536L + place), asked);
    hash = Hash.mix(hash, step == Step.READ ? essence(place, answer) : answer);
  }

  /**
   * What the code makes of a word. Epochs are compared with its own, but for the verdict, where the
   * smallest matters. Bells are compared with themselves only, which the world takes care of.
   */
  private long essence(int place, long answer) {
    if (isBell(place)) {
      return 0;
    }
    if (place == ControlLayout.SLEEPERS) {
      return answer == 0 ? 0 : 1;
    }
    if (isEpoch(place)) {
      smallest = settling ? Math.min(smallest, answer) : Long.MAX_VALUE;
      return settling ? smallest : answer >= target ? 1 : 0;
    }
    return answer;
  }

  static boolean isBell(int place) {
    return place == ControlLayout.BELL || hasForm(place, ControlLayout.signalBell(0));
  }

  private static boolean isEpoch(int place) {
    return hasForm(place, ControlLayout.epoch(0));
  }

  private static boolean hasForm(int place, int first) {
    int stride = ControlLayout.epoch(1) - ControlLayout.epoch(0);
    return place >= first && (place - first) % stride == 0;
  }

  /** The words of the only segment, in scenarios without a rendezvous. */
  Words words() {
    return new ModelWords(this, 0);
  }

  Wait waiting() {
    return new ModelWait(this, 0);
  }

  /** Local state of a wrong protocol that can't be told from whom it has seen arrive. */
  void dependsOn(LongSupplier local) {
    fingerprint = local;
  }

  /** About to wait in a barrier. */
  void arrives() {
    arriving = true;
  }

  /** Nothing that was read before has any influence from here on but the result itself. */
  void passed(boolean result) {
    if (result) {
      held |= 1L << results;
    } else {
      broken |= 1L << results;
    }
    results++;
    milestone(result ? 1 : 2);
  }

  void concludes(String what, int segment) {
    conclusions.add(new Conclusion(what, segment));
    milestone(Hash.mix(what.hashCode(), segment));
  }

  private void milestone(long what) {
    chain = Hash.mix(chain + 1, what);
    hash = Hash.mix(chain, fingerprint.getAsLong());
    seen = 0;
    settling = false;
    bell = NO_BELL;
  }
}

package comm.backend.sim.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simulated process between two of its steps.
 *
 * @param pending the step it takes next; null if it has finished
 * @param hash of everything that its further behaviour depends on
 * @param anchor its history when it last came round its innermost loop
 * @param anchorHash its hash at that moment
 * @param bell what it last read from the bell it is about to sleep on
 * @param arrived barriers of which it has done at least one step
 * @param held barriers that returned true, as bits
 * @param broken barriers that returned false, as bits
 */
record ProcessState(
    Status status,
    @Nullable History history,
    @Nullable Operation pending,
    long hash,
    @Nullable History anchor,
    long anchorHash,
    long bell,
    int arrived,
    long held,
    long broken,
    List<Conclusion> conclusions) {

  enum Status {
    READY,
    ASLEEP,
    /** Somebody or something ended its sleep, and it has not noticed yet. */
    WOKEN,
    FINISHED,
    CRASHED
  }

  ProcessState with(Status next) {
    return new ProcessState(
        next, history, pending, hash, anchor, anchorHash, bell, arrived, held, broken, conclusions);
  }

  /** What it had done and read dies with it. */
  ProcessState crashed() {
    long remains = Hash.mix(Hash.mix(Hash.mix(0, arrived), held), broken);
    for (Conclusion conclusion : conclusions) {
      remains = Hash.mix(remains, conclusion.hashCode());
    }
    return new ProcessState(
        Status.CRASHED,
        history,
        pending,
        remains,
        null,
        0,
        Execution.NO_BELL,
        arrived,
        held,
        broken,
        conclusions);
  }

  boolean isOver() {
    return status == Status.FINISHED || status == Status.CRASHED;
  }

  boolean concluded(String what) {
    for (Conclusion conclusion : conclusions) {
      if (conclusion.what().equals(what)) {
        return true;
      }
    }
    return false;
  }
}

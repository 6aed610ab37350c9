package comm.backend.sim.protocol;

import static comm.backend.sim.protocol.ControlLayout.BELL;
import static comm.backend.sim.protocol.ControlLayout.POISON;
import static comm.backend.sim.protocol.ControlLayout.RELEASE;
import static comm.backend.sim.protocol.ControlLayout.SLEEPERS;
import static comm.backend.sim.protocol.ControlLayout.VERDICT;
import static comm.backend.sim.protocol.ControlLayout.epoch;
import static comm.backend.sim.protocol.ControlLayout.missing;
import static comm.backend.sim.protocol.ControlLayout.state;

import java.util.EnumSet;
import java.util.Set;

/** The production barrier, but for mistakes that one could have made in it. */
final class WrongBarrier implements AnyBarrier {

  /** What can be wrong. */
  enum Mistake {
    ARRIVES_WITHOUT_FENCE,
    CHECKS_SLEEPERS_BEFORE_ARRIVING,
    NO_LOOK_AFTER_ANNOUNCING_SLEEP,
    READS_BELL_AFTER_LAST_LOOK,
    NEVER_WAKES,
    SUCCESS_WITHOUT_LOOK_AT_POISON,
    NO_VERDICT,
    VERDICT_OF_OWN_EPOCH,
    VERDICT_NOT_REREAD,
    IGNORES_POISON_WHILE_WAITING,
    DEAD_RANK_COUNTS_AS_ARRIVED,
    LOOKS_AT_NEIGHBOUR_ONLY,
    RESETS_EPOCH,
    RELEASE_BEFORE_ALL_SEEN,
    MISSING_WRITTEN_AFTER_POISON,
    OVERWRITES_POISON,
    CALLS_LEFT_DEAD
  }

  private final Execution self;
  private final Words words;
  private final int rank;
  private final int size;
  private final Set<Mistake> mistakes;
  private long target;

  WrongBarrier(Execution self, int rank, int size, Set<Mistake> mistakes) {
    this.self = self;
    this.words = self.words();
    this.rank = rank;
    this.size = size;
    this.mistakes = mistakes;
  }

  static AnyBarrier.Maker with(Mistake mistake) {
    return (self, rank, size) -> new WrongBarrier(self, rank, size, EnumSet.of(mistake));
  }

  static AnyBarrier.Maker withNone() {
    return (self, rank, size) -> new WrongBarrier(self, rank, size, EnumSet.noneOf(Mistake.class));
  }

  private boolean is(Mistake mistake) {
    return mistakes.contains(mistake);
  }

  @Override
  public boolean await(Wait wait) {
    target++;
    long sleepers = is(Mistake.CHECKS_SLEEPERS_BEFORE_ARRIVING) ? words.read(SLEEPERS) : -1;
    if (is(Mistake.ARRIVES_WITHOUT_FENCE)) {
      words.write(epoch(rank), target);
    } else {
      words.publish(epoch(rank), target);
    }
    while (true) {
      if (isComplete()) {
        return pass(wait, sleepers);
      }
      if (!is(Mistake.IGNORES_POISON_WHILE_WAITING) && words.read(POISON) != 0) {
        return settle();
      }
      if (wait.isCheckDue()) {
        check(wait);
      } else if (!wait.stayAwake(() -> 1)) {
        sleep(wait);
      }
    }
  }

  private void sleep(Wait wait) {
    words.add(SLEEPERS, 1);
    boolean late = is(Mistake.READS_BELL_AFTER_LAST_LOOK);
    long bell = late ? 0 : words.read(BELL);
    if (is(Mistake.NO_LOOK_AFTER_ANNOUNCING_SLEEP) || (!isComplete() && words.read(POISON) == 0)) {
      wait.sleep(BELL, late ? words.read(BELL) : bell);
    }
    words.add(SLEEPERS, -1);
  }

  private boolean isComplete() {
    if (is(Mistake.RELEASE_BEFORE_ALL_SEEN)) {
      if (words.read(RELEASE) >= target) {
        return true;
      }
      if (words.read(epoch((rank + 1) % size)) >= target) {
        words.write(RELEASE, target);
      }
    }
    int looks = is(Mistake.LOOKS_AT_NEIGHBOUR_ONLY) ? 1 : size - 1;
    for (int distance = 1; distance <= looks; distance++) {
      int other = (rank + distance) % size;
      boolean excused = is(Mistake.DEAD_RANK_COUNTS_AS_ARRIVED) && !self.waiting().isHeld(other);
      if (words.read(epoch(other)) < target && !excused) {
        return false;
      }
    }
    return true;
  }

  private boolean pass(Wait wait, long earlier) {
    if (is(Mistake.RESETS_EPOCH)) {
      words.publish(epoch(rank), 0);
      target = 0;
    }
    long sleepers = earlier >= 0 ? earlier : words.read(SLEEPERS);
    if (sleepers != 0 && !is(Mistake.NEVER_WAKES)) {
      words.add(BELL, 1);
      wait.wake(BELL);
    }
    return is(Mistake.SUCCESS_WITHOUT_LOOK_AT_POISON) || words.read(POISON) == 0 || settle();
  }

  private boolean settle() {
    long last = Long.MAX_VALUE;
    for (int r = 0; r < size; r++) {
      last = Math.min(last, words.read(epoch(r)));
    }
    if (is(Mistake.NO_VERDICT)) {
      return last >= target;
    }
    long proposal = is(Mistake.VERDICT_OF_OWN_EPOCH) ? target : last;
    boolean first = words.replace(VERDICT, 0, proposal + 1);
    if (is(Mistake.VERDICT_NOT_REREAD) && !first) {
      return last >= target;
    }
    return words.read(VERDICT) > target;
  }

  private void check(Wait wait) {
    if (wait.ending() == Wait.Ending.TIMED_OUT) {
      Poison poison = new Poison(Poison.Kind.TIMED_OUT, rank, rank, 0);
      long lagging = 0;
      for (int r = 0; r < size; r++) {
        lagging |= words.read(epoch(r)) < target ? 1L << r : 0;
      }
      boolean late = is(Mistake.MISSING_WRITTEN_AFTER_POISON);
      if (!late) {
        words.write(missing(rank), lagging);
      }
      set(poison, wait);
      if (late) {
        words.write(missing(rank), lagging);
      }
      return;
    }
    for (int other = 0; other < size; other++) {
      if (other == rank || words.read(epoch(other)) >= target || wait.isHeld(other)) {
        continue;
      }
      if (words.read(epoch(other)) < target) {
        boolean left =
            !is(Mistake.CALLS_LEFT_DEAD) && words.read(state(other)) == ControlLayout.LEFT;
        set(new Poison(left ? Poison.Kind.LEFT : Poison.Kind.DEAD, other, rank, 0), wait);
        return;
      }
    }
  }

  private void set(Poison poison, Wait wait) {
    if (is(Mistake.OVERWRITES_POISON)) {
      words.publish(POISON, poison.encode());
    } else if (!words.replace(POISON, 0, poison.encode())) {
      return;
    }
    Barrier.ring(words, wait);
  }
}

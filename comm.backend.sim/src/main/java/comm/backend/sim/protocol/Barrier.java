package comm.backend.sim.protocol;

import static comm.backend.sim.protocol.ControlLayout.BELL;
import static comm.backend.sim.protocol.ControlLayout.FREE;
import static comm.backend.sim.protocol.ControlLayout.LEFT;
import static comm.backend.sim.protocol.ControlLayout.POISON;
import static comm.backend.sim.protocol.ControlLayout.RELEASE;
import static comm.backend.sim.protocol.ControlLayout.SLEEPERS;
import static comm.backend.sim.protocol.ControlLayout.VERDICT;
import static comm.backend.sim.protocol.ControlLayout.epoch;
import static comm.backend.sim.protocol.ControlLayout.missing;
import static comm.backend.sim.protocol.ControlLayout.state;

import java.util.function.IntSupplier;

/**
 * The barrier of one rank. A rank arrives by writing the number of the barrier, its epoch, into its
 * own slot, and goes on when every slot has reached it. No word has two writers on the way, nothing
 * is ever reset, and whoever is missing is whoever lags.
 *
 * <p>A barrier either held for all ranks or broke for all that took part, whenever a rank gives up
 * or dies. Three rules make it so. A rank gives up by setting the poison first and looking at the
 * slots again afterwards. A rank that saw all slots complete looks at the poison afterwards; if
 * there is none the barrier held, and whoever sets the poison later will find all slots complete
 * too. And whoever finds a poison proposes the smallest epoch of all slots as the last one that
 * held; the first proposal stands for everybody.
 */
public final class Barrier {

  /**
   * Up to so many ranks each looks at every slot itself. Above, the first to see all slots complete
   * says so in one word, which saves the others most of their looks.
   */
  private static final int FLAT = 8;

  private final Words words;
  private final int rank;
  private final int size;
  private final boolean wide;
  private final int spins;

  /** Kept, because a barrier must not allocate. */
  private final IntSupplier awaited = this::countAwaited;

  private long target;

  /** Slots found complete, counted from this rank's right neighbour on. */
  private int seen;

  /**
   * A barrier at its first epoch.
   *
   * @param spins looks before the wait begins to count time
   */
  public Barrier(Words words, int rank, int size, int spins) {
    this(words, rank, size, spins, FLAT);
  }

  /** For tests, which reach the release word with fewer ranks by a smaller limit than usual. */
  Barrier(Words words, int rank, int size, int spins, int flat) {
    this.words = words;
    this.rank = rank;
    this.size = size;
    this.wide = size > flat;
    this.spins = spins;
  }

  /**
   * Arrives and waits for the others.
   *
   * @return true if the barrier held; false if it broke, in which case the poison says why
   */
  public boolean await(Wait wait) {
    target++;
    seen = 0;
    words.publish(epoch(rank), target);
    for (int i = spins; ; i--) {
      if (isComplete()) {
        return pass(wait);
      }
      if (words.read(POISON) != 0) {
        return settle();
      }
      if (i <= 0) {
        return awaitLong(wait);
      }
      Thread.onSpinWait();
    }
  }

  private boolean awaitLong(Wait wait) {
    wait.begin();
    while (true) {
      if (isComplete()) {
        return pass(wait);
      }
      if (words.read(POISON) != 0) {
        return settle();
      }
      if (wait.isCheckDue()) {
        check(wait);
      } else if (!wait.stayAwake(awaited)) {
        sleep(wait);
      }
    }
  }

  /** Whoever changes what a sleeper waits for looks for sleepers afterwards; so look once more. */
  private void sleep(Wait wait) {
    words.add(SLEEPERS, 1);
    long bell = words.read(BELL);
    if (!isComplete() && words.read(POISON) == 0) {
      wait.sleep(BELL, bell);
    }
    words.add(SLEEPERS, -1);
  }

  /** Counted where that costs little; otherwise all whom this rank hasn't seen. */
  private int countAwaited() {
    return wide ? size - 1 - seen : Long.bitCount(lagging());
  }

  private boolean isComplete() {
    if (wide && words.read(RELEASE) >= target) {
      return true;
    }
    while (seen < size - 1) {
      if (words.read(epoch(neighbour(seen))) < target) {
        return false;
      }
      seen++;
    }
    if (wide) {
      // Nobody can have got further than this epoch before this rank has passed it.
      words.write(RELEASE, target);
    }
    return true;
  }

  private int neighbour(int distance) {
    int other = rank + 1 + distance;
    return other < size ? other : other - size;
  }

  private boolean pass(Wait wait) {
    if (words.read(SLEEPERS) != 0) {
      ring(words, wait);
    }
    return words.read(POISON) == 0 || settle();
  }

  /** Wakes every rank that sleeps in a barrier. */
  public static void ring(Words words, Wait wait) {
    words.add(BELL, 1);
    wait.wake(BELL);
  }

  /** Whether the barrier this rank is in held although there is a poison. */
  private boolean settle() {
    long last = Long.MAX_VALUE;
    for (int r = 0; r < size; r++) {
      last = Math.min(last, words.read(epoch(r)));
    }
    words.replace(VERDICT, 0, last + 1);
    return words.read(VERDICT) > target;
  }

  private void check(Wait wait) {
    Wait.Ending ending = wait.ending();
    long lagging = ending == Wait.Ending.NONE ? 0 : lagging();
    if (ending != Wait.Ending.NONE && lagging == 0) {
      // The last one has just come, and a barrier that holds has no first cause.
      return;
    }
    switch (ending) {
      case TIMED_OUT -> {
        words.write(missing(rank), lagging);
        poison(wait, new Poison(Poison.Kind.TIMED_OUT, rank, rank, 0));
      }
      case INTERRUPTED -> poison(wait, new Poison(Poison.Kind.INTERRUPTED, rank, rank, 0));
      case CANCELLED -> poison(wait, new Poison(Poison.Kind.LEFT, rank, rank, 0));
      case NONE -> checkPeers(wait);
    }
  }

  private long lagging() {
    long ranks = 0;
    for (int r = 0; r < size; r++) {
      if (words.read(epoch(r)) < target) {
        ranks |= 1L << r;
      }
    }
    return ranks;
  }

  private void checkPeers(Wait wait) {
    for (int distance = seen; distance < size - 1; distance++) {
      int other = neighbour(distance);
      if (words.read(epoch(other)) >= target || words.read(state(other)) == FREE) {
        continue;
      }
      boolean gone = !wait.isHeld(other) || words.read(state(other)) == LEFT;
      // A rank may have arrived, passed and left since its slot was read.
      if (gone && words.read(epoch(other)) < target) {
        Poison.Kind kind = words.read(state(other)) == LEFT ? Poison.Kind.LEFT : Poison.Kind.DEAD;
        poison(wait, new Poison(kind, other, rank, 0));
        return;
      }
    }
  }

  private void poison(Wait wait, Poison poison) {
    poison(words, wait, size, poison);
  }

  /** Sets the first cause, unless there is one, and wakes everybody who waits for anything. */
  public static void poison(Words words, Wait wait, int size, Poison poison) {
    if (!words.replace(POISON, 0, poison.encode())) {
      return;
    }
    wakeEverybody(words, wait, size);
  }

  /** Makes everybody who sleeps look again. */
  public static void wakeEverybody(Words words, Wait wait, int size) {
    ring(words, wait);
    for (int r = 0; r < size; r++) {
      if (words.read(ControlLayout.signalSleepers(r)) != 0) {
        words.add(ControlLayout.signalBell(r), 1);
        wait.wake(ControlLayout.signalBell(r));
      }
    }
  }
}

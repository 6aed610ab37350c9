package comm.backend.sim.protocol;

import static comm.backend.sim.protocol.ControlLayout.JOINED;
import static comm.backend.sim.protocol.ControlLayout.LEFT;
import static comm.backend.sim.protocol.ControlLayout.POISON;
import static comm.backend.sim.protocol.ControlLayout.signalBell;
import static comm.backend.sim.protocol.ControlLayout.signalSleepers;
import static comm.backend.sim.protocol.ControlLayout.state;

import java.util.function.BooleanSupplier;

/**
 * Waiting for a word in a rank's window, and waking who waits. The word itself lies in the window;
 * the bell and the count of sleepers lie in the slot of the window's rank.
 */
public final class Signal {

  /** How a wait ended. */
  public enum Outcome {
    SATISFIED,
    /** The communicator broke; the poison says why. */
    POISONED,
    TIMED_OUT,
    INTERRUPTED,
    CANCELLED,
    /** Every other rank has left, so nobody can signal any more. */
    ALONE
  }

  private Signal() {}

  /** Wakes who waits for a word of a rank's window; the word has been changed and fenced. */
  public static void ring(Words words, Wait wait, int owner) {
    words.add(signalBell(owner), 1);
    wait.wake(signalBell(owner));
  }

  /** Waits until the condition on a word of the owner's window holds. */
  public static Outcome await(
      Words words, Wait wait, int rank, int size, int owner, BooleanSupplier condition) {
    wait.begin();
    while (true) {
      if (condition.getAsBoolean()) {
        return Outcome.SATISFIED;
      }
      if (words.read(POISON) != 0) {
        return Outcome.POISONED;
      }
      if (wait.isCheckDue()) {
        switch (wait.ending()) {
          case TIMED_OUT -> {
            return Outcome.TIMED_OUT;
          }
          case INTERRUPTED -> {
            return Outcome.INTERRUPTED;
          }
          case CANCELLED -> {
            return Outcome.CANCELLED;
          }
          case NONE -> {
            // The last to leave may have signalled first, so the condition has the last word.
            if (isAlone(words, wait, rank, size) && !condition.getAsBoolean()) {
              return Outcome.ALONE;
            }
          }
        }
      } else if (!wait.stayAwake(() -> 1)) {
        sleep(words, wait, owner, condition);
      }
    }
  }

  private static void sleep(Words words, Wait wait, int owner, BooleanSupplier condition) {
    words.add(signalSleepers(owner), 1);
    long bell = words.read(signalBell(owner));
    if (!condition.getAsBoolean() && words.read(POISON) == 0) {
      wait.sleep(signalBell(owner), bell);
    }
    words.add(signalSleepers(owner), -1);
  }

  /** Whether all others have left; a rank found dead breaks the communicator. */
  private static boolean isAlone(Words words, Wait wait, int rank, int size) {
    int left = 0;
    for (int other = 0; other < size; other++) {
      if (other == rank) {
        continue;
      }
      boolean held = wait.isHeld(other);
      long state = words.read(state(other));
      if (state == LEFT) {
        left++;
      } else if (state == JOINED && !held) {
        Barrier.poison(words, wait, size, new Poison(Poison.Kind.DEAD, other, rank, 0));
        return false;
      }
    }
    return size > 1 && left == size - 1;
  }
}

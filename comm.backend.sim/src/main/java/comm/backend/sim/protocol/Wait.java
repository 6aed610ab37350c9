package comm.backend.sim.protocol;

import java.util.function.IntSupplier;

/**
 * How one wait passes the time between two looks at shared memory, and what it can learn of the
 * world outside. In production this spins, yields and sleeps; a test puts a model in its place.
 */
public interface Wait {

  /** Why a wait must end although the others haven't come. */
  enum Ending {
    NONE,
    TIMED_OUT,
    INTERRUPTED,
    /** This process closes the session. */
    CANCELLED
  }

  /** Begins anew. */
  void begin();

  /**
   * Passes a short time awake.
   *
   * @param missing counts the ranks that are still awaited, perhaps too many; only a hint
   * @return false, having done nothing, once it is time to sleep
   */
  boolean stayAwake(IntSupplier missing);

  /** Sleeps while the word at the offset has the value; returns after a slice in any case. */
  void sleep(int offset, long value);

  /** Wakes all ranks that sleep on a word. */
  void wake(int offset);

  /** Whether it is time to ask {@link #ending} and {@link #isHeld}, which cost something. */
  boolean isCheckDue();

  /** Whether this wait must end by itself. */
  Ending ending();

  /** Whether the process of a rank that joined still holds its lock. */
  boolean isHeld(int rank);
}

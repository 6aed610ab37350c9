package comm.testkit.program;

import java.io.Serializable;

/**
 * One step of a {@link Program}: of one rank, or of all ranks together. Its {@code toString} is the
 * call that makes it in code.
 */
public sealed interface Step extends Serializable permits Step.Collective, CloseSet, Access {

  /** A step of all ranks. */
  sealed interface Collective extends Step permits Allocate, Barrier {}

  /**
   * Every rank allocates windows: the next set.
   *
   * @param bytes of each window
   */
  record Allocate(long bytes) implements Collective {

    /** {@return the call} */
    @Override
    public String toString() {
      return "allocate(" + bytes + ")";
    }
  }

  /** Every rank meets every other. */
  record Barrier() implements Collective {

    /** {@return the call} */
    @Override
    public String toString() {
      return "barrier()";
    }
  }
}

package comm.backend.sim.protocol;

/** One choice of the explorer: what happens next to which process. */
record Move(int process, Kind kind) {

  enum Kind {
    /** Its pending step; where the world has a choice, the answer is the usual one. */
    STEP(false),
    /** Its pending step with the other answer: a check is due, or it is time to sleep. */
    OTHERWISE(false),
    TIME_OUT(true),
    INTERRUPT(true),
    CANCEL(true),
    /** The wait runs out of time, as every wait does in the end or has no other way to go on. */
    RUN_OUT(false),
    CRASH(true),
    WAKE_SPURIOUSLY(true),
    /** The slice of its sleep is over. */
    END_SLICE(false),
    /** The slice of its sleep is over because its time is, or some fault is to come. */
    END_SLICE_EARLY(true),
    /** Its oldest buffered write becomes visible. */
    DRAIN(false);

    private final boolean fault;

    Kind(boolean fault) {
      this.fault = fault;
    }

    /** Whether a correct protocol must come to its end without this. */
    boolean isFault() {
      return fault;
    }
  }
}

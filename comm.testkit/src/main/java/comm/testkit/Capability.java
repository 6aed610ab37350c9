package comm.testkit;

/** What a backend may have or lack. Its author declares it; the kit tests what is declared. */
public enum Capability {
  /** Several ranks of a communicator can be threads of one JVM. */
  RANKS_AS_THREADS("ranks as threads of one JVM"),
  /** Ranks can be processes. */
  RANKS_AS_PROCESSES("ranks as processes"),
  /** Windows are mapped into every rank's process: views work. */
  HOST_MEMORY("windows that are mapped into the process"),
  /** Every rank sees each window at the same address. */
  SAME_ADDRESSES("the same window addresses on every rank"),
  /** Atomic access to window words. */
  ATOMICS("atomics"),
  /** Signals that add. */
  SIGNAL_ADD("signals that add"),
  /**
   * Ranks of another size, or a rank that is there twice, are told apart from ranks that are late.
   */
  CHECKED_JOINING("checks of who joins"),
  /** A rank that died is named, and its peers needn't wait for their time limit. */
  DEATH_NOTICE("notice of dead ranks"),
  /** A wait ends when its thread is interrupted or its session is cancelled. */
  INTERRUPTIBLE("waits that can be interrupted"),
  /** A time limit of a call ends the call, and says which ranks are missing. */
  TIME_LIMITS("time limits within a call"),
  /** A barrier works before any window has been allocated. */
  BARE_BARRIER("barriers without windows"),
  /** Joining returns only once all ranks have come. */
  WAITING_JOIN("joining that waits for all ranks"),
  /** A session can allocate windows again and again, and memory is given back. */
  MANY_ALLOCATIONS("allocations without end"),
  /** A caller can bring its own stream. */
  STREAMS("streams");

  private final String words;

  Capability(String words) {
    this.words = words;
  }

  /** {@return the capability in words} */
  @Override
  public String toString() {
    return words;
  }
}

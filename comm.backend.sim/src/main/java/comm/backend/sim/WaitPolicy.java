package comm.backend.sim;

/**
 * How a rank passes the time while it waits. Where every rank can have a processor of its own it
 * spins first, since the others are on their way. Where ranks must share processors it never spins,
 * because it would keep the very rank it waits for from running; it yields a while and then sleeps.
 *
 * @param spins looks before the clock is read for the first time
 * @param spinNanos how long to spin after that at most; less where it hasn't paid lately
 * @param yieldNanos how long to yield after that, before sleeping
 * @param processors that the ranks have
 */
record WaitPolicy(int spins, long spinNanos, long yieldNanos, int processors) {

  /** Longest sleep, and so the longest time until a sleeper notices what nobody wakes it for. */
  static final long SLICE_NANOS = 25_000_000;

  /** How often a rank that waits awake asks whether the others live. */
  static final long CHECK_NANOS = 10_000_000;

  static WaitPolicy forRanks(int ranks, int processors) {
    return ranks <= processors
        ? new WaitPolicy(256, 50_000, 50_000, processors)
        : new WaitPolicy(0, 0, 300_000, processors);
  }
}

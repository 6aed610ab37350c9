package comm.backend.sim;

/**
 * How long to spin in the next wait, learnt from the last ones. A spin that ends its wait may be
 * longer next time. One that was followed by a yield was in vain: perhaps somebody else uses the
 * processor that the awaited rank needs, and then spinning only keeps it waiting. Once it has
 * shrunk to nothing a short one is tried now and then.
 */
final class SpinBudget {

  private static final long SHORTEST_NANOS = 2_000;
  private static final int WAITS_PER_TRIAL = 128;

  private final long longestNanos;
  private long nanos;
  private int waits;

  SpinBudget(long longestNanos) {
    this.longestNanos = longestNanos;
    this.nanos = longestNanos;
  }

  long nanos() {
    return nanos;
  }

  /** Learns from a wait. */
  void ended(boolean spinningSufficed) {
    if (spinningSufficed) {
      nanos = Math.min(longestNanos, Math.max(SHORTEST_NANOS, nanos * 2));
    } else if (nanos > SHORTEST_NANOS) {
      nanos /= 2;
    } else {
      waits++;
      nanos = waits % WAITS_PER_TRIAL == 0 ? Math.min(longestNanos, SHORTEST_NANOS) : 0;
    }
  }
}

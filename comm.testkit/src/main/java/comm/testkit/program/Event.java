package comm.testkit.program;

/** One access since the last barrier, as seen by those that come later. */
final class Event {

  final int number;
  final int rank;

  /** The access, or the allocation of the rank's own window, which counts as a read of it. */
  final Step step;

  private final long from;
  private final long to;

  /** What the rank knew then of every rank, itself included: how many of its steps. */
  final int[] clock;

  /** The word before and after; of use for signals only. */
  final long before;

  final long after;

  Event(int number, int rank, Step step, long from, long to, int[] clock, long before, long after) {
    this.number = number;
    this.rank = rank;
    this.step = step;
    this.from = from;
    this.to = to;
    this.clock = clock;
    this.before = before;
    this.after = after;
  }

  /** Whether a rank that knows so much knows of this event. */
  boolean isKnownTo(int[] knowledge) {
    return clock[rank] <= knowledge[rank];
  }

  boolean overlaps(Access access) {
    long start = access.place().offset();
    return Math.max(from, start) < Math.min(to, start + access.length());
  }

  boolean isRead() {
    return step instanceof Step.Allocate || step instanceof Access.Get || step instanceof Await;
  }

  /** {@return the step with its number} */
  @Override
  public String toString() {
    return "step " + number + ", " + step;
  }
}

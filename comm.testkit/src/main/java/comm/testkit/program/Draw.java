package comm.testkit.program;

import comm.api.Comparison;

/** What a few steps are made of; the numbers need not fit the program. */
record Draw(
    Pattern pattern,
    int rank,
    int distance,
    int set,
    int placeIndex,
    int lengthIndex,
    int value,
    int comparisonIndex) {

  /** Ends of windows come by offsets that are too large. */
  static final long[] PLACES = {
    0, 0, 8, 8, 16, 1, 3, 24, 61, 64, 4088, 4093, 4095, 4096, 8184, Long.MAX_VALUE
  };

  static final int[] LENGTHS = {
    1, 2, 3, 4, 7, 8, 8, 9, 16, 24, 33, 64, 100, 1000, 4096, 4097, 8192, 65_537
  };

  private static final Comparison[] COMPARISONS = {
    Comparison.GE, Comparison.EQ, Comparison.NE, Comparison.GT, Comparison.LT, Comparison.LE
  };

  /** The rank so many ranks on. */
  int next(int hops, int size) {
    return Math.floorMod(rank + hops * (1 + distance), size);
  }

  int length() {
    return LENGTHS[lengthIndex];
  }

  Comparison comparison() {
    return COMPARISONS[comparisonIndex];
  }

  /** Where the drawn rank accesses a window. */
  Place at(int target) {
    return by(rank, target);
  }

  Place by(int other, int target) {
    return new Place(other, set, target, PLACES[placeIndex]);
  }

  /** A signal word at the end of a window, out of the way of most data. */
  Place word(int other, int target) {
    return new Place(other, set, target, Long.MAX_VALUE);
  }
}

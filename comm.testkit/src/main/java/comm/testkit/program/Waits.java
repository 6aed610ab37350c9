package comm.testkit.program;

import comm.api.Comparison;
import java.util.ArrayList;
import java.util.List;

/**
 * What an await can be sure of, given the writes to its word since the last barrier in the order of
 * the program. Those its rank knows of have happened; of the others each may or may not have. Those
 * that aren't ordered among themselves, which are all additions, form a group, and every group is
 * known to the next.
 *
 * <p>The await must fail on every value that the word can have before some group is complete, and
 * hold on every value from then on. Then it ends for certain, and when it has ended all groups up
 * to that one have happened.
 */
final class Waits {

  /** Sums of operands below this can't overflow. */
  private static final long SMALL = 1L << 40;

  private final Await await;
  private final List<Event> awaited = new ArrayList<>();
  private boolean certain = true;
  private boolean exact = true;

  Waits(Await await, List<Event> writes, int[] knowledge) {
    this.await = await;
    boolean first = true;
    boolean reached = false;
    for (List<Event> group : groups(writes)) {
      List<Event> open = group.stream().filter(event -> !event.isKnownTo(knowledge)).toList();
      if (open.isEmpty()) {
        continue;
      }
      Range partial = Range.of(group, open);
      if (first) {
        reached = holds(partial.base());
        first = false;
      }
      long end = group.get(group.size() - 1).after;
      if (reached) {
        exact = false;
        certain &= partial.isKnown() && allHold(partial) && holds(end);
      } else {
        certain &= partial.isKnown() && noneHolds(partial);
        awaited.addAll(open);
        reached = holds(end);
      }
    }
  }

  /** Whether it ends in every order of things, and always after the same. */
  boolean isCertain() {
    return certain;
  }

  /** Whether it always ends with the same value. */
  boolean isExact() {
    return exact;
  }

  /** The signals that have happened when it has ended, beside those its rank knew of. */
  List<Event> awaited() {
    return awaited;
  }

  private boolean holds(long word) {
    return await.comparison().holds(word, await.operand());
  }

  private boolean allHold(Range range) {
    boolean ends = holds(range.low()) && holds(range.high());
    return await.comparison() == Comparison.NE ? ends && !range.has(await.operand()) : ends;
  }

  private boolean noneHolds(Range range) {
    return await.comparison() == Comparison.EQ
        ? !range.has(await.operand())
        : !holds(range.low()) && !holds(range.high());
  }

  /**
   * The values of a word while not all of a group has happened.
   *
   * @param base when nothing of it has that needn't have
   * @param low the least, or more than high if that isn't known
   * @param high the greatest
   */
  private record Range(long base, long low, long high) {

    static Range of(List<Event> group, List<Event> open) {
      long base = group.get(0).before;
      if (group.size() == 1) {
        return new Range(base, base, base);
      }
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      boolean small = isSmall(base);
      long sum = 0;
      for (Event event : group) {
        long delta = event.after - event.before;
        small &= isSmall(delta);
        if (open.contains(event)) {
          least = Math.min(least, delta);
          most = Math.max(most, delta);
          sum += delta;
        } else {
          base += delta;
        }
      }
      if (open.size() == 1) {
        return new Range(base, base, base);
      }
      if (small && least > 0) {
        return new Range(base, base, base + sum - least);
      }
      if (small && most < 0) {
        return new Range(base, base + sum - most, base);
      }
      return new Range(base, 1, 0);
    }

    private static boolean isSmall(long value) {
      return -SMALL < value && value < SMALL;
    }

    boolean isKnown() {
      return low <= high;
    }

    boolean has(long value) {
      return low <= value && value <= high;
    }
  }

  /** A write that knows all of a group knows all groups before it too. */
  private static List<List<Event>> groups(List<Event> writes) {
    List<List<Event>> groups = new ArrayList<>();
    for (Event write : writes) {
      List<Event> group = new ArrayList<>(List.of(write));
      while (!groups.isEmpty() && !allKnown(groups.get(groups.size() - 1), write.clock)) {
        group.addAll(0, groups.remove(groups.size() - 1));
      }
      groups.add(group);
    }
    return groups;
  }

  static boolean allKnown(List<Event> events, int[] knowledge) {
    for (Event event : events) {
      if (!event.isKnownTo(knowledge)) {
        return false;
      }
    }
    return true;
  }
}

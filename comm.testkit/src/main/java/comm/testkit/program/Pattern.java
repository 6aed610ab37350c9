package comm.testkit.program;

import comm.api.Comparison;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a few steps do together. Shrinking goes to the front, often to the one just before; so the
 * simpler come earlier, and each of the last ones is like the one before it but for a part.
 */
enum Pattern {
  BARRIER(1),
  GET(4),
  PUT(4),
  SIGNAL(2),
  SIGNAL_ADD(2),
  AWAIT(2),
  ADD(3),
  GET_AND_SET(1),
  COMPARE_AND_SET(2),
  BARRIERS(1),
  /** A write, and a read by somebody else. */
  PUBLISH(3),
  /** A write, a signal, an await, a read. */
  MESSAGE(4),
  /** A message that goes on over several ranks, the data by the first of them. */
  RELAY(2),
  /** Several ranks write to one, which waits until all have signalled. */
  GATHER(2),
  ALLOCATE(1),
  CLOSE(1);

  private static final int MOST_RANKS = 4;

  private final int weight;

  Pattern(int weight) {
    this.weight = weight;
  }

  int weight() {
    return weight;
  }

  static Set<Pattern> of(Set<Operation> operations) {
    EnumSet<Pattern> patterns = EnumSet.allOf(Pattern.class);
    if (!operations.contains(Operation.ATOMICS)) {
      patterns.removeAll(EnumSet.of(ADD, GET_AND_SET, COMPARE_AND_SET));
    }
    if (!operations.contains(Operation.SIGNAL_ADD)) {
      patterns.removeAll(EnumSet.of(SIGNAL_ADD, GATHER));
    }
    return patterns;
  }

  /** Adds the steps. */
  void draw(Draw draw, int size, List<Step> steps) {
    int target = draw.next(1, size);
    Place there = draw.at(target);
    Place own = draw.by(target, target);
    switch (this) {
      case BARRIER -> steps.add(new Step.Barrier());
      case BARRIERS ->
          steps.addAll(List.of(new Step.Barrier(), new Step.Barrier(), new Step.Barrier()));
      case GET -> steps.add(new Access.Get(there, draw.length()));
      case PUT -> steps.add(put(draw, there));
      case PUBLISH -> {
        // Read by the target as in a message, so that a message shrinks to this; or by another.
        int reader = draw.next(1 + draw.comparisonIndex() % 2, size);
        steps.add(put(draw, there));
        steps.add(new Access.Get(draw.by(reader, target), draw.length()));
      }
      case SIGNAL -> steps.add(new Signalling.Signal(there, draw.value()));
      case SIGNAL_ADD -> steps.add(new Signalling.SignalAdd(there, draw.value()));
      case AWAIT -> steps.add(new Await(own, draw.comparison(), draw.value()));
      case ADD -> steps.add(new Atomic.Add(there, draw.value()));
      case GET_AND_SET -> steps.add(new Atomic.GetAndSet(there, draw.value()));
      case COMPARE_AND_SET ->
          // Half of them expect a fresh word.
          steps.add(
              new Atomic.CompareAndSet(
                  there, draw.comparisonIndex() % 2 * (long) draw.value(), draw.value() + 1L));
      case MESSAGE -> {
        steps.add(put(draw, there));
        relay(draw, size, 1, steps);
        steps.add(new Access.Get(own, draw.length()));
      }
      case RELAY -> {
        int hops = Math.min(size, MOST_RANKS);
        steps.add(put(draw, there));
        relay(draw, size, hops, steps);
        steps.add(new Access.Get(draw.by(draw.next(hops, size), target), draw.length()));
      }
      case GATHER -> gather(draw, size, steps);
      case ALLOCATE -> steps.add(new Step.Allocate(draw.length()));
      case CLOSE -> steps.add(new CloseSet(draw.rank(), draw.set()));
    }
  }

  private static Access.Put put(Draw draw, Place place) {
    return new Access.Put(place, draw.length(), draw.value());
  }

  private static void relay(Draw draw, int size, int hops, List<Step> steps) {
    for (int hop = 1; hop <= hops; hop++) {
      int next = draw.next(hop, size);
      Place word = draw.word(draw.next(hop - 1, size), next);
      steps.add(new Signalling.Signal(word, draw.value()));
      steps.add(new Await(draw.word(next, next), Comparison.EQ, draw.value()));
    }
  }

  private static void gather(Draw draw, int size, List<Step> steps) {
    List<Step> reads = new ArrayList<>();
    int root = Math.floorMod(draw.rank(), size);
    for (int i = 1; i <= Math.min(size - 1, MOST_RANKS); i++) {
      int peer = (root + i) % size;
      long offset = (i - 1L) * draw.length();
      Place place = new Place(peer, draw.set(), root, offset);
      steps.add(new Access.Put(place, draw.length(), draw.value()));
      steps.add(new Signalling.SignalAdd(draw.word(peer, root), draw.value()));
      reads.add(new Access.Get(new Place(root, draw.set(), root, offset), draw.length()));
    }
    steps.add(new Await(draw.word(root, root), Comparison.GE, Long.MAX_VALUE));
    steps.addAll(reads);
  }
}

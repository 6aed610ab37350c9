package comm.testkit.program;

import comm.api.CommContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * jqwik arbitraries of programs. Few places are used, so that steps meet; messages, relays and
 * gatherings put signals between them, and most sizes are small. Shrinks towards fewer and simpler
 * steps, fewer ranks, smaller windows and offsets. An immutable value.
 */
public final class Programs {

  /** Above so many ranks a program has fewer steps. */
  private static final int MANY_RANKS = 8;

  /** With windows of more than that many bytes, at most {@link #MANY_RANKS} ranks. */
  private static final long LARGE = 8192;

  private static final int[] SIZES = {
    1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8, 8, 8, 9, 13, 16, 31, 33, 63, 64
  };
  private static final long[] BYTES = {
    8, 16, 16, 24, 33, 64, 64, 64, 100, 127, 128, 256, 1000, 1024, 4095, 4096, 4097, 8184, 8191,
    8192, 70_001
  };

  private final int maxSteps;
  private final int minRanks;
  private final int maxRanks;
  private final Set<Operation> operations;

  private Programs(int maxSteps, int minRanks, int maxRanks, Set<Operation> operations) {
    this.maxSteps = maxSteps;
    this.minRanks = minRanks;
    this.maxRanks = maxRanks;
    this.operations = operations;
  }

  /**
   * Programs of 1 to 64 ranks with all operations.
   *
   * @param maxSteps that they are made of, at least 1; what a program has in the end may be a few
   *     times as much, by barriers and by patterns of several steps
   * @return such programs
   */
  public static Programs upTo(int maxSteps) {
    if (maxSteps < 1) {
      throw new IllegalArgumentException("maxSteps must be at least 1, but is " + maxSteps);
    }
    return new Programs(maxSteps, 1, CommContext.MAX_RANKS, EnumSet.allOf(Operation.class));
  }

  /**
   * Of so many ranks only.
   *
   * @param min at least 1
   * @param max at most 64
   * @return such programs
   */
  public Programs withRanks(int min, int max) {
    if (min < 1 || max < min || max > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException("no numbers of ranks: " + min + " to " + max);
    }
    return new Programs(maxSteps, min, max, operations);
  }

  /**
   * Without what a backend refuses.
   *
   * @param operation that no step needs
   * @return such programs
   */
  public Programs without(Operation operation) {
    Set<Operation> left = EnumSet.copyOf(operations);
    left.remove(operation);
    return new Programs(maxSteps, minRanks, maxRanks, left);
  }

  /**
   * The programs.
   *
   * @return to draw from
   */
  public Arbitrary<Program> arbitrary() {
    int[] sizes =
        IntStream.concat(IntStream.of(SIZES), IntStream.of(minRanks, maxRanks))
            .filter(size -> minRanks <= size && size <= maxRanks)
            .sorted()
            .toArray();
    Set<Pattern> patterns = Pattern.of(operations);
    Pattern[] weighted =
        patterns.stream()
            .flatMap(pattern -> Collections.nCopies(pattern.weight(), pattern).stream())
            .toArray(Pattern[]::new);
    Arbitrary<Draw> draw =
        Combinators.combine(
                below(weighted.length).map(i -> weighted[i]),
                below(CommContext.MAX_RANKS),
                below(CommContext.MAX_RANKS),
                below(3),
                below(Draw.PLACES.length),
                below(Draw.LENGTHS.length),
                Arbitraries.integers().between(1, 250).shrinkTowards(1),
                below(6))
            .as(Draw::new);
    return Combinators.combine(
            below(sizes.length).map(i -> sizes[i]),
            below(BYTES.length).map(i -> BYTES[i]),
            draw.list().ofMinSize(1).ofMaxSize(maxSteps))
        .as(Programs::program)
        // They are programs of one pattern, of which there are enough among the others.
        .withoutEdgeCases();
  }

  private static Arbitrary<Integer> below(int end) {
    return Arbitraries.integers()
        .between(0, end - 1)
        .withDistribution(RandomDistribution.uniform())
        .shrinkTowards(0);
  }

  private static Program program(int size, long bytes, List<Draw> draws) {
    boolean many = size > MANY_RANKS;
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Allocate(many ? Math.min(bytes, LARGE) : bytes));
    int end = many ? Math.max(1, draws.size() / 3) : draws.size();
    draws.subList(0, end).forEach(draw -> draw.pattern().draw(draw, size, steps));
    return Program.fitted(size, steps);
  }
}

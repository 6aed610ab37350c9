package comm.testkit;

import comm.api.CommContext;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** jqwik arbitraries of the values that communicators take; edge cases come first and often. */
public final class CommArbitraries {

  private CommArbitraries() {}

  /**
   * Numbers of ranks that a communicator can have.
   *
   * @return 1 to 64
   */
  public static Arbitrary<Integer> sizes() {
    return Arbitraries.integers()
        .between(1, CommContext.MAX_RANKS)
        .edgeCases(edges -> edges.add(1, 2, 63, CommContext.MAX_RANKS));
  }

  /**
   * Numbers of ranks that no communicator can have.
   *
   * @return anything below 1 and above 64
   */
  public static Arbitrary<Integer> wrongSizes() {
    return Arbitraries.integers()
        .filter(size -> size < 1 || size > CommContext.MAX_RANKS)
        .edgeCases(edges -> edges.add(0, -1, 65, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  /**
   * Sizes of windows that fit into a test: around pages and odd ones.
   *
   * @return 1 byte to 1 MiB
   */
  public static Arbitrary<Long> windowBytes() {
    return Arbitraries.longs()
        .between(1, 1 << 20)
        .edgeCases(edges -> edges.add(1L, 7L, 4095L, 4096L, 4097L, 65_535L, 65_537L));
  }
}

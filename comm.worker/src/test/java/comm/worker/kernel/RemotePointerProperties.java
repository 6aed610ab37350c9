package comm.worker.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.CommContext;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Addresses in a peer's window against what is defined: its base and the same offset. */
class RemotePointerProperties {

  private static final BigInteger ALL = BigInteger.ONE.shiftLeft(64);

  private static BigInteger unsigned(long address) {
    return BigInteger.valueOf(address).mod(ALL);
  }

  @Property
  void an_address_in_the_window_is_the_same_place_of_the_peer(
      @ForAll("contexts") CommContext context, @ForAll @LongRange(min = 0) long place) {
    RemotePointer remote = RemotePointer.of(context);
    long base = context.windowsIn().get(context.rankId());
    assertSame(context, remote.context());
    for (long offset :
        new long[] {0, place % (context.winSize() + 1), context.winSize() - 1, context.winSize()}) {
      for (int peer = 0; peer < context.rankNum(); peer++) {
        BigInteger expected =
            unsigned(context.windowsIn().get(peer)).add(BigInteger.valueOf(offset)).mod(ALL);

        assertEquals(expected, unsigned(remote.to(base + offset, peer)));
      }
      assertEquals(base + offset, remote.to(base + offset, context.rankId()));
    }
  }

  @Property
  void an_address_outside_of_the_window_is_refused(
      @ForAll("contexts") CommContext context, @ForAll long address) {
    RemotePointer remote = RemotePointer.of(context);
    long base = context.windowsIn().get(context.rankId());
    for (long outside : new long[] {address, base - 1, base + context.winSize() + 1}) {
      BigInteger offset = unsigned(outside).subtract(unsigned(base)).mod(ALL);
      if (offset.compareTo(BigInteger.valueOf(context.winSize())) > 0) {
        String message =
            String.valueOf(
                assertThrowsExactly(
                        IllegalArgumentException.class,
                        () -> remote.to(outside, context.rankNum() - 1))
                    .getMessage());
        assertTrue(message.contains(Long.toHexString(outside)), message);
      }
    }
  }

  @Property
  void a_rank_that_there_is_not_is_refused(
      @ForAll("contexts") CommContext context, @ForAll int rank) {
    long base = context.windowsIn().get(context.rankId());
    for (int peer : new int[] {rank, -1, context.rankNum(), context.rankNum() + rank}) {
      if (peer < 0 || peer >= context.rankNum()) {
        assertThrowsExactly(
            IndexOutOfBoundsException.class, () -> RemotePointer.of(context).to(base, peer));
      }
    }
  }

  @Provide
  Arbitrary<CommContext> contexts() {
    Arbitrary<Long> addresses = Arbitraries.longs();
    return Arbitraries.integers()
        .between(1, 64)
        .flatMap(
            ranks ->
                Combinators.combine(
                        Arbitraries.integers().between(0, ranks - 1),
                        Arbitraries.longs().between(1, 1L << 40),
                        addresses.list().ofSize(ranks))
                    .as(
                        (rank, size, windows) ->
                            new CommContext(
                                0, 0, rank, ranks, size, windows, List.copyOf(windows))));
  }
}

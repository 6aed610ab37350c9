package comm.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

class CommContextProperties {

  @Property
  void what_was_encoded_is_decoded(@ForAll("contexts") CommContext context) {
    byte[] bytes = context.encode();

    assertEquals(1056, bytes.length);
    assertEquals(context, CommContext.decode(bytes));
    assertArrayEquals(bytes, CommContext.decode(bytes).encode());
  }

  @Property
  void entries_above_the_number_of_ranks_are_zero_and_ignored(
      @ForAll("contexts") CommContext context, @ForAll byte noise) {
    byte[] bytes = context.encode();
    byte[] noisy = bytes.clone();
    for (int start : new int[] {32, 544}) {
      int used = start + 8 * context.rankNum();
      assertArrayEquals(new byte[start + 512 - used], Arrays.copyOfRange(bytes, used, start + 512));
      Arrays.fill(noisy, used, start + 512, noise);
    }

    assertEquals(context, CommContext.decode(noisy));
  }

  @Property
  void any_bytes_of_the_right_length_are_a_context_or_refused(
      @ForAll @Size(1056) byte[] bytes, @ForAll("nearlyRanks") int[] ranks) {
    // Mere noise would nearly always fail at the number of ranks; so that is put near the borders.
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(16, ranks[0]).putInt(20, ranks[1]);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean valid =
        ranks[1] >= 1
            && ranks[1] <= 64
            && ranks[0] >= 0
            && ranks[0] < ranks[1]
            && in.getLong(8) >= 0
            && in.getLong(24) >= 0;

    if (!valid) {
      assertThrows(IllegalArgumentException.class, () -> CommContext.decode(bytes));
      return;
    }
    CommContext context = CommContext.decode(bytes);
    assertEquals(in.getLong(0), context.workSpace());
    assertEquals(in.getLong(8), context.workSpaceSize());
    assertEquals(ranks[0], context.rankId());
    assertEquals(ranks[1], context.rankNum());
    assertEquals(in.getLong(24), context.winSize());
    for (int i = 0; i < ranks[1]; i++) {
      assertEquals(in.getLong(32 + 8 * i), context.windowsIn().get(i));
      assertEquals(in.getLong(544 + 8 * i), context.windowsOut().get(i));
    }
  }

  @Property
  void bytes_of_another_length_are_refused(@ForAll @Size(max = 3000) byte[] bytes) {
    if (bytes.length != CommContext.BYTES) {
      assertThrows(IllegalArgumentException.class, () -> CommContext.decode(bytes));
    }
  }

  @Provide
  Arbitrary<int[]> nearlyRanks() {
    Arbitrary<Integer> number =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.integers().between(-1, 66)),
            Tuple.of(1, Arbitraries.integers()));
    return Combinators.combine(number, number).as((rank, size) -> new int[] {rank, size});
  }

  @Provide
  Arbitrary<CommContext> contexts() {
    return Arbitraries.integers()
        .between(1, 64)
        .flatMap(
            ranks -> {
              Arbitrary<List<Long>> addresses = Arbitraries.longs().list().ofSize(ranks);
              Arbitrary<Long> sizes = Arbitraries.longs().greaterOrEqual(0);
              return Combinators.combine(
                      Arbitraries.longs(),
                      sizes,
                      Arbitraries.integers().between(0, ranks - 1),
                      sizes,
                      addresses,
                      addresses)
                  .as(
                      (space, spaceSize, rank, size, in, out) ->
                          new CommContext(space, spaceSize, rank, ranks, size, in, out));
            });
  }
}

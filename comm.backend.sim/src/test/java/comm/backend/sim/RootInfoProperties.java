package comm.backend.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RootInfoProperties {

  @Provide
  Arbitrary<RootInfo> infos() {
    Arbitrary<String> tokens = Arbitraries.strings().withChars("0123456789abcdef").ofLength(32);
    Arbitrary<Integer> users = Arbitraries.integers().between(0, 1_000_000);
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 64);
    Arbitrary<Long> pids = Arbitraries.longs().between(1, 4_194_304);
    return Combinators.combine(tokens, users, sizes, pids)
        .as(
            (token, user, size, pid) ->
                new RootInfo(token, "/comm-sim-" + user + "-" + token, size, pid));
  }

  @Property
  void decodes_what_was_encoded(@ForAll("infos") RootInfo info) {
    byte[] bytes = info.encode();

    assertTrue(bytes.length <= RootInfo.MOST_BYTES);
    assertEquals(Optional.of(info), RootInfo.decode(bytes));
  }

  @Property
  void one_changed_byte_is_noticed(
      @ForAll("infos") RootInfo info,
      @ForAll @IntRange(max = 1_000) int where,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] bytes = info.encode();
    bytes[where % bytes.length] ^= (byte) change;

    RootInfo.decode(bytes).ifPresent(decoded -> assertEquals(info, decoded));
  }

  @Property
  void a_part_of_it_is_nothing(
      @ForAll("infos") RootInfo info, @ForAll @IntRange(max = 1_000) int length) {
    byte[] whole = info.encode();
    byte[] part = Arrays.copyOf(whole, length % whole.length);

    assertEquals(Optional.empty(), RootInfo.decode(part));
  }

  @Property
  void garbage_is_nothing(@ForAll byte[] garbage) {
    assertEquals(Optional.empty(), RootInfo.decode(garbage));
  }
}

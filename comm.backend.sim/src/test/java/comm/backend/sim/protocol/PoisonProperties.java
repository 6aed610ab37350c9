package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PoisonProperties {

  @Property
  void decodes_what_was_encoded(
      @ForAll Poison.Kind kind,
      @ForAll @IntRange(max = 63) int subject,
      @ForAll @IntRange(max = 63) int reporter,
      @ForAll int detail) {
    Poison poison = new Poison(kind, subject, reporter, detail);

    assertNotEquals(0, poison.encode());
    assertEquals(poison, Poison.decode(poison.encode()));
  }

  @Property
  void refuses_garbage_or_makes_ranks_of_it_that_fit_a_byte(@ForAll long word) {
    try {
      Poison poison = Poison.decode(word);

      assertEquals(poison.subject() & 0xff, poison.subject());
      assertEquals(poison.reporter() & 0xff, poison.reporter());
    } catch (IllegalArgumentException e) {
      assertEquals("not a poison: 0x" + Long.toHexString(word), e.getMessage());
    }
  }
}

package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ComparisonProperties {

  @Property
  void holds_as_signed_numbers_compare(@ForAll long word, @ForAll long value) {
    int order = Long.compare(word, value);

    assertEquals(order == 0, Comparison.EQ.holds(word, value));
    assertEquals(order != 0, Comparison.NE.holds(word, value));
    assertEquals(order > 0, Comparison.GT.holds(word, value));
    assertEquals(order >= 0, Comparison.GE.holds(word, value));
    assertEquals(order < 0, Comparison.LT.holds(word, value));
    assertEquals(order <= 0, Comparison.LE.holds(word, value));
  }

  @Property
  void a_word_compares_with_itself(@ForAll long word) {
    assertTrue(Comparison.EQ.holds(word, word));
    assertTrue(Comparison.GE.holds(word, word));
    assertTrue(Comparison.LE.holds(word, word));
    assertFalse(Comparison.NE.holds(word, word));
    assertFalse(Comparison.GT.holds(word, word));
    assertFalse(Comparison.LT.holds(word, word));
  }
}

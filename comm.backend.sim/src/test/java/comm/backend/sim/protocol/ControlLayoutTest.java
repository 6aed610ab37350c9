package comm.backend.sim.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class ControlLayoutTest {

  private static final int LINES = 128;

  private static final Set<String> NOT_OFFSETS = Set.of("MAX_RANKS", "BYTES");

  private static List<Integer> allOffsets() throws IllegalAccessException {
    List<Integer> offsets = new ArrayList<>();
    for (Field field : ControlLayout.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())
          && field.getType() == int.class
          && !NOT_OFFSETS.contains(field.getName())) {
        offsets.add(field.getInt(null));
      }
    }
    List<IntUnaryOperator> ofRanks =
        List.of(
            ControlLayout::epoch,
            ControlLayout::state,
            ControlLayout::pid,
            ControlLayout::startTime,
            ControlLayout::operation,
            ControlLayout::missing,
            ControlLayout::vote,
            ControlLayout::windowBytes,
            ControlLayout::signalBell,
            ControlLayout::signalSleepers);
    for (IntUnaryOperator ofRank : ofRanks) {
      for (int rank = 0; rank < ControlLayout.MAX_RANKS; rank++) {
        offsets.add(ofRank.applyAsInt(rank));
      }
    }
    return offsets;
  }

  @Test
  void no_two_words_overlap_and_all_are_aligned() throws IllegalAccessException {
    Set<Integer> taken = new HashSet<>();

    for (int offset : allOffsets()) {
      assertEquals(0, offset % Long.BYTES, () -> "offset " + offset);
      assertTrue(offset >= 0 && offset + Long.BYTES <= ControlLayout.BYTES);
      assertTrue(taken.add(offset), () -> "two words at " + offset);
    }
  }

  @Test
  void epochs_of_different_ranks_are_on_different_lines() {
    Set<Integer> lines = new HashSet<>();

    for (int rank = 0; rank < ControlLayout.MAX_RANKS; rank++) {
      assertTrue(lines.add(ControlLayout.epoch(rank) / LINES));
    }
  }

  @Test
  void what_sleepers_write_is_not_on_the_line_that_all_read() {
    assertNotEquals(ControlLayout.POISON / LINES, ControlLayout.SLEEPERS / LINES);
    assertNotEquals(ControlLayout.RELEASE / LINES, ControlLayout.SLEEPERS / LINES);
    assertNotEquals(ControlLayout.RELEASE / LINES, ControlLayout.POISON / LINES);
  }
}

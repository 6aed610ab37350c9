package comm.backend.sim.protocol;

import java.util.List;

/**
 * The words that a model keeps of a control segment: those that the protocol uses, side by side.
 */
final class Cells {

  /** Two words that production doesn't have, for wrong barriers that need some. */
  static final int COUNT = ControlLayout.WINDOW_TOKEN_HIGH;

  static final int PHASE = ControlLayout.WINDOW_TOKEN_LOW;

  private static final List<Integer> HEADER =
      List.of(
          ControlLayout.POISON,
          ControlLayout.VERDICT,
          ControlLayout.RELEASE,
          ControlLayout.SLEEPERS,
          ControlLayout.BELL,
          ControlLayout.SIZE,
          COUNT,
          PHASE);
  private static final List<String> HEADER_NAMES =
      List.of("poison", "verdict", "release", "sleepers", "bell", "size", "count", "phase");
  private static final List<String> SLOT_NAMES =
      List.of(
          "epoch", "state", "pid", "startTime", "missing", "signalBell", "signalSleepers", "word");

  private static final int STRIDE = ControlLayout.epoch(1) - ControlLayout.epoch(0);

  private Cells() {}

  /** The word in a rank's window that a signal waits for; the model keeps it in the slot. */
  static int windowWord(int rank) {
    return ControlLayout.vote(rank);
  }

  static int count(int ranks) {
    return HEADER.size() + ranks * SLOT_NAMES.size();
  }

  static int index(int offset) {
    int header = HEADER.indexOf(offset);
    if (header >= 0) {
      return header;
    }
    int sleepers = offset - ControlLayout.signalSleepers(0);
    if (sleepers >= 0 && sleepers < ControlLayout.MAX_RANKS * Long.BYTES) {
      return cell(sleepers / Long.BYTES, 6);
    }
    int inSlots = offset - ControlLayout.epoch(0);
    if (inSlots < 0) {
      throw new IllegalArgumentException("the model has no word at " + offset);
    }
    int rank = inSlots / STRIDE;
    int field = field(offset - rank * STRIDE);
    return cell(rank, field);
  }

  private static int field(int offset) {
    if (offset == ControlLayout.epoch(0)) {
      return 0;
    }
    if (offset == ControlLayout.state(0)) {
      return 1;
    }
    if (offset == ControlLayout.pid(0)) {
      return 2;
    }
    if (offset == ControlLayout.startTime(0)) {
      return 3;
    }
    if (offset == ControlLayout.missing(0)) {
      return 4;
    }
    if (offset == ControlLayout.signalBell(0)) {
      return 5;
    }
    if (offset == windowWord(0)) {
      return 7;
    }
    throw new IllegalArgumentException("the model has no word at " + offset);
  }

  private static int cell(int rank, int field) {
    return HEADER.size() + rank * SLOT_NAMES.size() + field;
  }

  static boolean isBell(int index) {
    int header = HEADER.size();
    return index < header
        ? HEADER.get(index) == ControlLayout.BELL
        : (index - header) % SLOT_NAMES.size() == 5;
  }

  static String name(int offset) {
    int index = index(offset);
    if (index < HEADER.size()) {
      return HEADER_NAMES.get(index);
    }
    int inSlots = index - HEADER.size();
    return SLOT_NAMES.get(inSlots % SLOT_NAMES.size()) + "(" + inSlots / SLOT_NAMES.size() + ")";
  }
}

package comm.backend.sim.protocol;

import static comm.backend.sim.protocol.ControlLayout.pid;
import static comm.backend.sim.protocol.ControlLayout.startTime;

/**
 * A step with its arguments.
 *
 * @param place byte offset of a word, or the rank of a lock
 */
record Operation(Step step, int segment, int place, long first, long second) {

  /**
   * Whether nobody else can tell when it happens, so that trying it at one moment is enough. The
   * pids and start times only appear in messages.
   */
  boolean isPrivate() {
    return switch (step) {
      case CHECK_DUE, STAY_AWAKE, ENDING, IDLE -> true;
      case WRITE -> isOfIdentity(place);
      default -> false;
    };
  }

  private static boolean isOfIdentity(int offset) {
    int first = pid(0);
    int stride = pid(1) - first;
    return offset >= first
        && ((offset - first) % stride == 0
            || (offset - startTime(0)) % stride == 0
            || (offset - ControlLayout.missing(0)) % stride == 0);
  }

  /** For people, in a trace. */
  String describe(long answer) {
    String where = Hash.code(step) <= Hash.code(Step.ADD) ? Cells.name(place) : "";
    return switch (step) {
      case READ -> "read " + where + " -> " + value(place, answer);
      case WRITE -> "write " + where + "=" + value(place, first);
      case PUBLISH -> "publish " + where + "=" + value(place, first);
      case REPLACE ->
          "replace "
              + where
              + " "
              + first
              + " by "
              + value(place, second)
              + (answer == 1 ? "" : " (in vain)");
      case ADD -> "add " + first + " to " + where;
      case CHECK_DUE -> "isCheckDue -> " + (answer == 1);
      case STAY_AWAKE -> "stayAwake -> " + (answer == 1);
      case ENDING -> "ending -> " + ModelWait.ENDINGS[(int) answer];
      case SLEEP -> "sleep on " + Cells.name(place) + " while " + first;
      case WAKE -> "wake " + Cells.name(place);
      case IS_HELD -> "isHeld(" + place + ") -> " + (answer == 1);
      case CLAIM -> "claim rank " + place + " of run " + segment + " -> " + (answer == 1);
      case CREATE -> "create segment -> run " + answer;
      case OPEN_FILE, ATTACH -> step + (answer < 0 ? " -> nothing" : " -> run " + answer);
      case LINK, IS_FILE_LOCKED, LOCK_FILE, IS_AT_PATH, IS_SEGMENT_HELD ->
          step + " of run " + segment + " -> " + (answer == 1);
      default -> step + (segment < 0 ? "" : " of run " + segment);
    };
  }

  private static String value(int offset, long word) {
    if (offset != ControlLayout.POISON || word == 0) {
      return Long.toString(word);
    }
    try {
      return Poison.decode(word).toString();
    } catch (IllegalArgumentException e) {
      return e.getMessage() == null ? "garbage" : e.getMessage();
    }
  }
}

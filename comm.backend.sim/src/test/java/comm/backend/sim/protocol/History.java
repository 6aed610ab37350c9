package comm.backend.sim.protocol;

import org.jspecify.annotations.Nullable;

/** What a process has done and was answered, newest first; states share their beginnings. */
record History(@Nullable History before, int length, Operation operation, long answer) {

  static History append(@Nullable History before, Operation operation, long answer) {
    return new History(before, lengthOf(before) + 1, operation, answer);
  }

  static int lengthOf(@Nullable History history) {
    return history == null ? 0 : history.length;
  }

  /** Oldest first. */
  static History[] inOrder(@Nullable History newest) {
    History[] all = new History[lengthOf(newest)];
    for (History at = newest; at != null; at = at.before) {
      all[at.length - 1] = at;
    }
    return all;
  }
}

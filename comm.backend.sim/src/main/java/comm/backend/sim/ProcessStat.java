package comm.backend.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * What {@code /proc/<pid>/stat} says of a process.
 *
 * @param state one letter, T for stopped by a signal, t for stopped by a debugger
 * @param startTime in clock ticks since boot; with the pid it names one process for good
 */
record ProcessStat(char state, long startTime) {

  private static final int FIELDS_BETWEEN = 18;

  boolean isStopped() {
    return state == 'T' || state == 't';
  }

  static Optional<ProcessStat> ofSelf() {
    return read(Path.of("/proc/self/stat"));
  }

  static Optional<ProcessStat> of(long pid) {
    return read(Path.of("/proc/" + pid + "/stat"));
  }

  /** Empty if this process can't see it. */
  private static Optional<ProcessStat> read(Path path) {
    try {
      String text = Files.readString(path);
      // The second field, the command, may hold anything; what follows its last bracket is regular.
      StringTokenizer fields = new StringTokenizer(text.substring(text.lastIndexOf(')') + 1));
      char state = fields.nextToken().charAt(0);
      for (int i = 0; i < FIELDS_BETWEEN; i++) {
        fields.nextToken();
      }
      return Optional.of(new ProcessStat(state, Long.parseLong(fields.nextToken())));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}

package comm.backend.hccl.rendezvous;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux says of a process.
 *
 * @param stopped whether a signal or a debugger has stopped it
 * @param startTime in clock ticks since boot; with the pid it names one process for good
 */
record ProcessStat(boolean stopped, long startTime) {

  /** Of the fields behind the command's closing bracket: state, and start time. */
  private static final int STATE = 0;

  private static final int START_TIME = 19;

  /** Empty if this process can't see it, or the system has no such files. */
  static Optional<ProcessStat> of(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
      return Optional.of(
          new ProcessStat(fields[STATE].equalsIgnoreCase("T"), Long.parseLong(fields[START_TIME])));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}

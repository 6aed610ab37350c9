package comm.worker;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one rank ended.
 *
 * @param rank which one
 * @param pid its process
 * @param code its exit code: 128 plus the number of the signal that killed it; 70 if it left
 *     without closing its communicator and would have had 0
 * @param signal the name of the signal that the code stands for, such as {@code SIGKILL}; empty for
 *     other codes
 * @param stopped whether the launcher had told it to end
 * @param duration from its start to its end
 * @param lastLines the last lines that it printed, at most 50, oldest first; those from standard
 *     error and standard output in the order of arrival
 */
public record RankExit(
    int rank,
    long pid,
    int code,
    Optional<String> signal,
    boolean stopped,
    Duration duration,
    List<String> lastLines) {

  /** Copies the lines and checks that nothing is null. */
  public RankExit {
    requireNonNull(signal, "signal");
    requireNonNull(duration, "duration");
    lastLines = List.copyOf(lastLines);
  }

  /**
   * Whether the rank failed by itself.
   *
   * @return true if its code isn't 0 and the launcher had not told it to end
   */
  public boolean failed() {
    return code != 0 && !stopped;
  }

  /** {@return the end in words, such as {@code killed by SIGKILL}} */
  @Override
  public String toString() {
    String how =
        signal.map(name -> "killed by " + name).orElseGet(() -> "ended with exit code " + code);
    return stopped ? "stopped by the launcher (" + how + ")" : how;
  }
}

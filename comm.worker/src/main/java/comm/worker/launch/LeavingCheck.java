package comm.worker.launch;

import comm.api.CommBrokenException;
import comm.api.CommTimeoutException;
import comm.api.Communicator;
import comm.api.PeerFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks, when this rank's JVM really ends, whether a communicator is still open: the peers of such
 * a rank fail, so the rank has failed as well, even with exit code 0. It leaves a note for the
 * launcher rather than halt, because halting would cut off the program's own shutdown hooks and
 * replace its own exit code.
 */
final class LeavingCheck {

  private final Path directory;
  private final String rank;
  private final String size;
  private volatile boolean hasThrown;

  private LeavingCheck(Path directory, String rank, String size) {
    this.directory = directory;
    this.rank = rank;
    this.size = size;
  }

  static LeavingCheck install(Path directory) {
    LeavingCheck check =
        new LeavingCheck(
            directory,
            System.getenv().getOrDefault("COMM_RANK", "?"),
            System.getenv().getOrDefault("COMM_SIZE", "?"));
    Runtime.getRuntime().addShutdownHook(new Thread(check::atEnd, "comm-leaving-check"));
    return check;
  }

  String rankInWords() {
    return "rank " + rank + " of " + size;
  }

  /** The program's main method threw; the JVM ends as soon as its other threads have. */
  void threw(Throwable e) {
    hasThrown = true;
    note(blamesAnother(e) ? RankNote.Kind.BLAMED_ANOTHER : RankNote.Kind.THREW);
  }

  private static boolean blamesAnother(Throwable thrown) {
    for (@Nullable Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof PeerFailedException
          || e instanceof CommBrokenException
          || e instanceof CommTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private void atEnd() {
    if (hasThrown) {
      return;
    }
    boolean isUnclosed = !Communicator.unclosed().isEmpty();
    note(isUnclosed ? RankNote.Kind.UNCLOSED : RankNote.Kind.ENDING);
    if (isUnclosed && !isEndedBySignal()) {
      System.err.println(
          rankInWords()
              + " left without closing its communicator; open it in try-with-resources, and"
              + " return from there rather than call System.exit");
    }
  }

  /** A rank that is told to end can't close anything; its launcher knows about the signal. */
  private static boolean isEndedBySignal() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().matches("SIG(INT|TERM|HUP) handler"));
  }

  private void note(RankNote.Kind kind) {
    try {
      new RankNote(kind, Instant.now()).leave(directory, Integer.parseInt(rank));
    } catch (IOException e) {
      System.err.println(rankInWords() + " can't leave a note for its launcher: " + e);
    }
  }
}

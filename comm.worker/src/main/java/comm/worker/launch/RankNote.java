package comm.worker.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a rank leaves in the job's directory about its own end, because its exit code can't say it.
 * A rank that was killed leaves none.
 *
 * @param kind what happened
 * @param time when it happened, by the machine's clock; the processes end in another order
 */
public record RankNote(Kind kind, Instant time) {

  /** What happened to a rank. */
  public enum Kind {
    /** The JVM began to end and nothing was wrong. */
    ENDING,
    /** The JVM began to end while a communicator was open. */
    UNCLOSED,
    /** The program's main method threw. */
    THREW,
    /** The program's main method threw because another rank had failed, left or not come. */
    BLAMED_ANOTHER
  }

  private static Path file(Path directory, int rank) {
    return directory.resolve("rank-" + rank + ".end");
  }

  /**
   * Leaves the note; an earlier one of the same rank stays.
   *
   * @param directory the job's directory
   * @param rank the rank
   * @throws IOException if it can't be written
   */
  public void leave(Path directory, int rank) throws IOException {
    Path file = file(directory, rank);
    if (!Files.exists(file)) {
      Files.writeString(file, kind + " " + time);
    }
  }

  /**
   * Reads a rank's note once the rank has ended.
   *
   * @param directory the job's directory
   * @param rank the rank
   * @return the note, or empty if there is none or the rank was killed while it wrote
   * @throws IOException if it is there and can't be read
   */
  public static Optional<RankNote> read(Path directory, int rank) throws IOException {
    Path file = file(directory, rank);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] words = Files.readString(file).split(" ", -1);
    if (words.length != 2 || !words[1].endsWith("Z")) {
      return Optional.empty();
    }
    return Optional.of(new RankNote(Kind.valueOf(words[0]), Instant.parse(words[1])));
  }
}

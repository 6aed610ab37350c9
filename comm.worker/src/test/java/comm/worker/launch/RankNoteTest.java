package comm.worker.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notes that ranks leave about their end. */
class RankNoteTest {

  @TempDir Path directory;

  @Test
  void are_read_as_they_were_left() throws IOException {
    int rank = 0;
    for (RankNote.Kind kind : RankNote.Kind.values()) {
      RankNote note = new RankNote(kind, Instant.now());
      note.leave(directory, rank);

      assertEquals(Optional.of(note), RankNote.read(directory, rank));
      rank++;
    }
  }

  @Test
  void keep_what_happened_first() throws IOException {
    RankNote first = new RankNote(RankNote.Kind.THREW, Instant.EPOCH);
    first.leave(directory, 3);
    new RankNote(RankNote.Kind.ENDING, Instant.now()).leave(directory, 3);

    assertEquals(Optional.of(first), RankNote.read(directory, 3));
  }

  @Test
  void are_none_when_the_rank_was_killed_before_or_in_the_middle() throws IOException {
    assertEquals(Optional.empty(), RankNote.read(directory, 0));

    for (String part : new String[] {"", "THR", "THREW 2026-01-01T00:0"}) {
      Files.writeString(directory.resolve("rank-1.end"), part);
      assertEquals(Optional.empty(), RankNote.read(directory, 1), part);
    }
  }
}

package comm.worker.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Making and removing a job's directory. */
class JobDirectoryTest {

  @TempDir Path other;

  @Test
  void goes_with_everything_inside_but_not_with_what_links_lead_to() throws IOException {
    Path precious = Files.writeString(other.resolve("precious"), "x");
    Path directory = JobDirectory.create();
    Files.createDirectories(directory.resolve("a/b"));
    Files.writeString(directory.resolve("a/b/file"), "x");
    Files.createSymbolicLink(directory.resolve("link"), other);

    JobDirectory.delete(directory);
    JobDirectory.delete(directory);

    assertFalse(Files.exists(directory));
    assertTrue(Files.exists(precious));
  }

  @Test
  void those_of_dead_launchers_go_when_the_next_one_is_made_and_no_others() throws IOException {
    Path dead = Files.createTempDirectory("comm-job-");
    Files.createFile(dead.resolve("launcher.lock"));
    Path old = Files.createTempDirectory("comm-job-");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
    Path forming = Files.createTempDirectory("comm-job-");
    Path living = JobDirectory.create();

    Path next = JobDirectory.create();

    try {
      assertFalse(Files.exists(dead));
      assertFalse(Files.exists(old));
      assertTrue(Files.exists(forming));
      assertTrue(Files.exists(living.resolve("launcher.lock")));
    } finally {
      Files.delete(forming);
      JobDirectory.delete(living);
      JobDirectory.delete(next);
    }
  }

  @Test
  void is_the_only_kind_of_directory_that_is_removed() {
    IOException e = assertThrows(IOException.class, () -> JobDirectory.delete(other));

    assertEquals(other + " is not the directory of a job", e.getMessage());
    assertTrue(Files.exists(other));
  }
}

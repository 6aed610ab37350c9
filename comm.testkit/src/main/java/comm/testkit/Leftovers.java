package comm.testkit;

import comm.api.Communicator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that a test leaves nothing behind: no shared memory, no file, no open communicator. */
public final class Leftovers {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final Path directory;
  private final Set<String> before;

  private Leftovers(Path directory) {
    this.directory = directory;
    this.before = entries(directory);
  }

  /**
   * Remembers what is in {@code /dev/shm} now.
   *
   * @return the snapshot to compare with
   */
  public static Leftovers ofSharedMemory() {
    return new Leftovers(SHARED_MEMORY);
  }

  /**
   * Remembers what is in a directory now.
   *
   * @param directory that exists
   * @return the snapshot to compare with
   */
  public static Leftovers of(Path directory) {
    return new Leftovers(directory);
  }

  private static Set<String> entries(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> list = Files.list(directory)) {
      return list.map(path -> String.valueOf(path.getFileName()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is there now and wasn't before.
   *
   * @return names of entries
   */
  public Set<String> added() {
    Set<String> added = new TreeSet<>(entries(directory));
    added.removeAll(before);
    return added;
  }

  /**
   * Fails if anything is left once the given time has passed.
   *
   * @param deadline how long processes that have just ended may take to be gone
   * @throws AssertionError naming what is left
   */
  public void assertNone(Duration deadline) {
    Eventually.holds(
        "nothing left in " + directory + ", but there is " + added(),
        deadline,
        () -> added().isEmpty());
    if (!Communicator.unclosed().isEmpty()) {
      throw new AssertionError("still open: " + Communicator.unclosed());
    }
  }
}

package comm.worker.launch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one job, for this user only: its rendezvous file, its notes, its temporary
 * files.
 */
public final class JobDirectory {

  private static final String PREFIX = "comm-job-";

  private JobDirectory() {}

  /**
   * Makes a fresh one in {@code java.io.tmpdir}.
   *
   * @return its absolute path
   * @throws IOException if it can't be made
   */
  public static Path create() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    return parent.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? Files.createTempDirectory(
            parent,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
        : Files.createTempDirectory(parent, PREFIX);
  }

  /**
   * Removes it with everything inside. Others may be removing it at the same time.
   *
   * @param directory the job's directory
   * @throws IOException if it isn't one of a job, or something could not be removed; what could be
   *     has been
   */
  public static void delete(Path directory) throws IOException {
    // A rank gets the name as an argument; a wrong one must not cost anybody's files.
    if (!directory.getFileName().toString().startsWith(PREFIX)) {
      throw new IOException(directory + " is not the directory of a job");
    }
    FirstError error = new FirstError();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return error.guard(() -> Files.deleteIfExists(file));
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return e instanceof NoSuchFileException
                ? FileVisitResult.CONTINUE
                : error.guard(
                    () -> {
                      throw e;
                    });
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e) {
            return error.guard(() -> Files.deleteIfExists(path));
          }
        });
    error.raise();
  }

  /** Lets the walk go on after an error, and keeps the first for the end. */
  private static final class FirstError {

    private @Nullable IOException first;

    FileVisitResult guard(Step step) {
      try {
        step.run();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    void raise() throws IOException {
      if (first != null) {
        throw first;
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}

package comm.worker.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one job, for this user only: its rendezvous file, its notes, its temporary
 * files. The launcher holds a lock in it as long as the job runs, so that one whose launcher died
 * before there was anybody else to remove it is recognised by the next launcher.
 */
public final class JobDirectory {

  private static final System.Logger LOG = System.getLogger(JobDirectory.class.getName());

  private static final String PREFIX = "comm-job-";
  private static final String LOCK = "launcher.lock";

  /** A directory without a lock file for so long has no launcher that is just making one. */
  private static final Duration FORMING = Duration.ofMinutes(1);

  /**
   * The locks of this process. Its own directories are never looked at: to close a file of this
   * process drops its lock.
   */
  private static final Map<Path, FileChannel> OWN = new ConcurrentHashMap<>();

  private JobDirectory() {}

  /**
   * Makes a fresh one in {@code java.io.tmpdir}.
   *
   * @return its absolute path
   * @throws IOException if it can't be made
   */
  public static Path create() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    sweep(parent);
    Path directory = createIn(parent);
    try {
      lock(directory);
      return directory;
    } catch (IOException e) {
      delete(directory);
      throw e;
    }
  }

  /** The lock's file gets its name once it is locked, so that nobody finds it free. */
  private static void lock(Path directory) throws IOException {
    Path draft = directory.resolve(LOCK + ".draft");
    FileChannel channel =
        FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    OWN.put(directory, channel);
    try {
      FileLock unused = channel.tryLock();
    } catch (IOException e) {
      // A file system without locks: nobody else can lock it either, so it is taken for alive.
      LOG.log(System.Logger.Level.DEBUG, "can't lock " + draft, e);
    }
    Files.move(draft, directory.resolve(LOCK));
  }

  private static Path createIn(Path parent) throws IOException {
    return parent.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? Files.createTempDirectory(
            parent,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
        : Files.createTempDirectory(parent, PREFIX);
  }

  /** Removes directories whose launchers died. */
  private static void sweep(Path parent) {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : directories) {
        if (!OWN.containsKey(directory)) {
          removeIfDead(directory);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "can't sweep " + parent, e);
    }
  }

  private static void removeIfDead(Path directory) {
    try {
      if (isDead(directory)) {
        delete(directory);
      }
    } catch (IOException e) {
      // Another user's, or another launcher is sweeping too; what stays is swept next time.
      LOG.log(System.Logger.Level.DEBUG, "can't remove " + directory, e);
    }
  }

  private static boolean isDead(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(directory)) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (NoSuchFileException e) {
      Instant changed = Files.getLastModifiedTime(directory).toInstant();
      return changed.isBefore(Instant.now().minus(FORMING));
    }
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
    FileChannel lock = OWN.remove(directory);
    if (lock != null) {
      lock.close();
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

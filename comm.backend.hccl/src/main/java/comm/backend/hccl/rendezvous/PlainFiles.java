package comm.backend.hccl.rendezvous;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Files as they are used here: whole or not there, for this user alone, never through a symbolic
 * link, and untouched by interrupts, which would close a channel and drop its lock.
 */
final class PlainFiles {

  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Behind everything that a file of ours holds. */
  private static final long LOCK = 1L << 40;

  /** So often a directory is emptied again that somebody still writes to; then it is left. */
  private static final int DELETIONS = 10;

  /** Held while this process asks for a lock: who asks holds it for a moment. */
  private static final Object ASKING = new Object();

  private static final SecureRandom RANDOM = new SecureRandom();

  private PlainFiles() {}

  /** Something that may be ended by an interrupt, and then is tried once more without it. */
  private interface Interruptible<T> {
    T run() throws IOException;
  }

  private static <T> T uninterrupted(Interruptible<T> action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return action.run();
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** 32 hexadecimal digits that nobody can guess. */
  static String token() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static long nonce() {
    return RANDOM.nextLong();
  }

  static void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, DIRECTORY);
  }

  /** A new file that nobody else looks for, in a directory that is this user's alone. */
  static Path draft(Path directory, byte[] bytes) throws IOException {
    Path draft = directory.resolve(".draft-" + token());
    Files.createFile(draft, FILE);
    // Not a channel's stream: an interrupt would close that half-way.
    try (OutputStream out = new FileOutputStream(draft.toFile())) {
      out.write(bytes);
    } catch (FileNotFoundException e) {
      throw removed(draft, e);
    }
    return draft;
  }

  /** Opens a draft for reading and writing, by something that interrupts don't close. */
  static RandomAccessFile open(Path draft) throws IOException {
    try {
      return new RandomAccessFile(draft.toFile(), "rw");
    } catch (FileNotFoundException e) {
      throw removed(draft, e);
    }
  }

  /** Somebody has removed the directory meanwhile; callers know that by one name. */
  private static NoSuchFileException removed(Path file, FileNotFoundException e) {
    NoSuchFileException removed = new NoSuchFileException(file.toString());
    removed.initCause(e);
    return removed;
  }

  /** Gives a file a second name, unless that name is taken. */
  static boolean link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Makes a file appear whole under a name, unless the name is taken. */
  static boolean publish(Path directory, Path file, byte[] bytes) throws IOException {
    Path draft = draft(directory, bytes);
    try {
      return link(draft, file);
    } finally {
      delete(draft);
    }
  }

  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** The content of a file, empty if there is none; of one that is too long its beginning. */
  static Optional<byte[]> read(Path file, int most) throws IOException {
    try {
      return Optional.of(uninterrupted(() -> readOnce(file, most)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static byte[] readOnce(Path file, int most) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until it is full, or the file has become shorter
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  /** Locks an open file, which must be locked by nobody. */
  static boolean lock(FileChannel channel) throws IOException {
    // Not to be interrupted, but then there is no second try either: the channel would be closed.
    boolean interrupted = Thread.interrupted();
    try {
      return channel.tryLock(LOCK, 1, false) != null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Whether another process of this host holds the lock of a file. Never asked for a file that this
   * process has locked: closing it here would drop that lock.
   */
  static boolean isLocked(Path file) throws IOException {
    try {
      return uninterrupted(
          () -> {
            try (FileChannel channel =
                FileChannel.open(
                    file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
              synchronized (ASKING) {
                FileLock lock = channel.tryLock(LOCK, 1, true);
                if (lock != null) {
                  lock.release();
                }
                return lock == null;
              }
            }
          });
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Removes a directory with the files in it. Somebody else may be doing the same, or may be about
   * to find that it is too late to make a file there.
   */
  static void deleteTree(Path directory) throws IOException {
    for (int i = 0; i < DELETIONS; i++) {
      try {
        deleteTreeOnce(directory);
        return;
      } catch (DirectoryNotEmptyException e) {
        Thread.onSpinWait();
      }
    }
  }

  private static void deleteTreeOnce(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        delete(entry);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    delete(directory);
  }

  /** Whether a directory is one, and nobody but this user can have put anything into it. */
  static boolean isOwnDirectory(Path directory) throws IOException {
    Ownership ownership = Ownership.of(directory).orElse(null);
    return ownership != null
        && ownership.isDirectory()
        && ownership.isOurs()
        && ownership.isPrivate();
  }
}

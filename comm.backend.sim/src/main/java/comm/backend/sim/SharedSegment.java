package comm.backend.sim;

import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.Names;
import comm.backend.sim.posix.PosixException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names of shared-memory objects: random, this user's, and recognised as a dead run's when nobody
 * holds a lock on them. Their creator locks them at once and until the name is gone.
 */
final class SharedSegment {

  static final Path DIRECTORY = Path.of("/dev/shm");

  private static final String PREFIX = "comm-sim-";

  /** Older ones were not made a moment ago by somebody who is about to lock them. */
  private static final long SETTLED_SECONDS = 10;

  private SharedSegment() {}

  static String name(String token) {
    return "/" + PREFIX + Integer.toUnsignedString(Names.user()) + "-" + token;
  }

  /** Creates an object of a size, with blocks for none of it yet. */
  static Descriptor create(String name, long bytes) throws PosixException {
    Descriptor descriptor = Descriptor.createShared(name);
    try {
      descriptor.tryLock(0);
      descriptor.resize(bytes);
      return descriptor;
    } catch (PosixException e) {
      descriptor.close();
      Names.unlinkShared(name);
      throw e;
    }
  }

  /** Opens an object and checks that it is what its name promises. */
  static Descriptor open(String name, long bytes) throws PosixException {
    Descriptor descriptor = Descriptor.openShared(name);
    try {
      if (!descriptor.isOurs() || descriptor.status().size() != bytes) {
        throw PosixException.distrusted("shm_open", name);
      }
      return descriptor;
    } catch (PosixException e) {
      descriptor.close();
      throw e;
    }
  }

  /** Removes an object's name if nobody who lives holds it. */
  static void removeIfDead(String name) throws PosixException {
    try (Descriptor descriptor = Descriptor.openShared(name)) {
      if (descriptor.isOurs() && !descriptor.isLockedByOther(0, 0)) {
        Names.unlinkShared(name);
      }
    } catch (PosixException e) {
      if (e.errno() != PosixException.ENOENT) {
        throw e;
      }
    }
  }

  /** Removes what dead runs of this user have left, the few that died between create and unlink. */
  static void sweep() {
    String own = PREFIX + Integer.toUnsignedString(Names.user()) + "-";
    long settled = System.currentTimeMillis() - SETTLED_SECONDS * 1000;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(DIRECTORY, own + "*")) {
      for (Path entry : entries) {
        if (Files.getLastModifiedTime(entry).toMillis() < settled) {
          removeIfDead("/" + entry.getFileName());
        }
      }
    } catch (IOException | PosixException e) {
      // Another run may be sweeping too; what stays is swept next time.
      System.getLogger(SharedSegment.class.getName())
          .log(System.Logger.Level.DEBUG, "can't sweep " + DIRECTORY, e);
    }
  }
}

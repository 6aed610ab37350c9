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
 * holds a lock on them. Their creator locks them at once and until the name is gone; who removes
 * one locks it first, so that the two can't miss each other.
 */
final class SharedSegment {

  static final Path DIRECTORY = Path.of("/dev/shm");

  private static final String PREFIX = "comm-sim-";

  private SharedSegment() {}

  static String name(String token) {
    return "/" + PREFIX + Integer.toUnsignedString(Names.user()) + "-" + token;
  }

  /** A new object that {@link #create} has made. */
  record Created(String token, Descriptor descriptor) {}

  /** Makes an object of a size, with a name of its own and blocks for none of it yet. */
  static Created create(long bytes) throws PosixException {
    while (true) {
      String token = Tokens.random();
      Descriptor descriptor = Descriptor.createShared(name(token));
      boolean done = false;
      try {
        if (descriptor.tryLockNew()) {
          descriptor.resize(bytes);
          done = true;
          return new Created(token, descriptor);
        }
      } finally {
        if (!done) {
          descriptor.close();
          Names.unlinkShared(name(token));
        }
      }
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
      if (descriptor.isOurs() && descriptor.tryLockAll()) {
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
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(DIRECTORY, own + "*")) {
      for (Path entry : entries) {
        removeIfDead("/" + entry.getFileName());
      }
    } catch (IOException | PosixException e) {
      // Another run may be sweeping too; what stays is swept next time.
      System.getLogger(SharedSegment.class.getName())
          .log(System.Logger.Level.DEBUG, "can't sweep " + DIRECTORY, e);
    }
  }
}

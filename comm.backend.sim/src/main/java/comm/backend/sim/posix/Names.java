package comm.backend.sim.posix;

/** Names in the file system and of shared memory: giving a file a second one, taking them away. */
public final class Names {

  private Names() {}

  /** Gives a file a second name, unless that name is taken. */
  public static boolean link(String from, String to) throws PosixException {
    if (Libc.link(from, to) == 0) {
      return true;
    }
    PosixException failure = PosixException.last("link", to);
    if (failure.errno() == PosixException.EEXIST) {
      return false;
    }
    throw failure;
  }

  /** Removes a file's name; one that is gone already is fine. */
  public static void unlink(String path) throws PosixException {
    if (Libc.unlink(path) != 0) {
      absentOrThrow(PosixException.last("unlink", path));
    }
  }

  /** Removes the name of a shared-memory object; one that is gone already is fine. */
  public static void unlinkShared(String name) throws PosixException {
    if (Libc.SharedMemory.shm_unlink(name) != 0) {
      absentOrThrow(PosixException.last("shm_unlink", name));
    }
  }

  private static void absentOrThrow(PosixException failure) throws PosixException {
    if (failure.errno() != PosixException.ENOENT) {
      throw failure;
    }
  }

  /** Checks that this user may create files in a directory. */
  public static void checkWritable(String directory) throws PosixException {
    if (Libc.access(directory, Libc.W_OK) != 0) {
      throw PosixException.last("access", directory);
    }
  }

  /** The user this process acts as. */
  public static int user() {
    return Libc.geteuid();
  }
}

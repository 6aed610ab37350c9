package comm.backend.sim.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An open file description: a file or a shared-memory object. Its locks are gone with it, and it is
 * gone with the process, however that ends: this is how the death of a rank shows. Every rank opens
 * its own, so that ranks of one process hold and see locks like any others.
 */
public final class Descriptor implements AutoCloseable {

  private static final int OWNER_ONLY = 0600;
  private static final int FLOCK_BYTES = 32;
  private static final int FLOCK_START = 8;
  private static final int FLOCK_LENGTH = 16;
  private static final long TO_THE_END = 0;

  private final String name;
  private final int fd;
  private boolean closed;

  private Descriptor(String name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  /** Creates a file that must not exist, mode 0600. */
  public static Descriptor createFile(String path) throws PosixException {
    int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
    return opened("open", path, Libc.open(path, flags, OWNER_ONLY));
  }

  /** Opens a file that exists and is no symbolic link. */
  public static Descriptor openFile(String path) throws PosixException {
    return opened("open", path, Libc.open(path, Libc.O_RDWR | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
  }

  /** Creates a shared-memory object that must not exist, mode 0600. */
  public static Descriptor createShared(String name) throws PosixException {
    int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
    return opened("shm_open", name, Libc.SharedMemory.shm_open(name, flags, OWNER_ONLY));
  }

  /** Opens a shared-memory object that exists. */
  public static Descriptor openShared(String name) throws PosixException {
    int flags = Libc.O_RDWR | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
    return opened("shm_open", name, Libc.SharedMemory.shm_open(name, flags, 0));
  }

  private static Descriptor opened(String function, String name, int fd) throws PosixException {
    if (fd < 0) {
      throw PosixException.last(function, name);
    }
    return new Descriptor(name, fd);
  }

  int fd() {
    return fd;
  }

  public FileStatus status() throws PosixException {
    return FileStatus.of(this);
  }

  /**
   * Whether the file belongs to this user, is a regular one, and nobody else may open it. What
   * another user has put in our way must never be trusted.
   */
  public boolean isOurs() throws PosixException {
    FileStatus status = status();
    return status.isRegular()
        && status.uid() == Libc.geteuid()
        && status.permissions() == OWNER_ONLY;
  }

  public void resize(long bytes) throws PosixException {
    if (Libc.ftruncate(fd, bytes) != 0) {
      throw PosixException.last("ftruncate", name);
    }
  }

  /** Gets blocks for a range now, so that touching it later can't fail. */
  public void reserve(long offset, long bytes) throws PosixException {
    int error;
    do {
      error = Libc.posix_fallocate(fd, offset, bytes);
    } while (error == PosixException.EINTR);
    if (error != 0) {
      throw new PosixException("posix_fallocate", error, name);
    }
  }

  /** Locks one byte, unless somebody else holds it. */
  public boolean tryLock(long at) throws PosixException {
    return tryLock(at, 1);
  }

  /** Locks every byte there is or will be, unless somebody else holds one. */
  public boolean tryLockAll() throws PosixException {
    return tryLock(0, TO_THE_END);
  }

  /**
   * Locks a file that this process has just created. Until then it looked like a dead run's, so
   * somebody may have removed it.
   *
   * @return false if it is lost, and another one must be made
   */
  public boolean tryLockNew() throws PosixException {
    return tryLock(0) && status().links() > 0;
  }

  private boolean tryLock(long from, long length) throws PosixException {
    if (Libc.fcntl(fd, Libc.F_OFD_SETLK, flock(from, length)) == 0) {
      return true;
    }
    PosixException failure = PosixException.last("fcntl(F_OFD_SETLK)", name);
    if (failure.errno() == PosixException.EAGAIN || failure.errno() == PosixException.EACCES) {
      return false;
    }
    throw failure;
  }

  /** Whether another open file description holds the lock of a byte. */
  public boolean isLockedByOther(long at) throws PosixException {
    byte[] lock = flock(at, 1);
    if (Libc.fcntl(fd, Libc.F_OFD_GETLK, lock) != 0) {
      throw PosixException.last("fcntl(F_OFD_GETLK)", name);
    }
    return ByteBuffer.wrap(lock).order(ByteOrder.nativeOrder()).getShort(0) != Libc.F_UNLCK;
  }

  private static byte[] flock(long from, long length) {
    byte[] lock = new byte[FLOCK_BYTES];
    ByteBuffer.wrap(lock)
        .order(ByteOrder.nativeOrder())
        .putShort(0, Libc.F_WRLCK)
        .putLong(FLOCK_START, from)
        .putLong(FLOCK_LENGTH, length);
    return lock;
  }

  /** Reads from the start, at most so many bytes. */
  public byte[] read(int atMost) throws PosixException {
    byte[] buffer = new byte[atMost];
    long length = Libc.read(fd, buffer, atMost);
    if (length < 0) {
      throw PosixException.last("read", name);
    }
    return Arrays.copyOf(buffer, (int) length);
  }

  /** Writes all bytes. */
  public void write(byte[] bytes) throws PosixException {
    long length = Libc.write(fd, bytes, bytes.length);
    if (length < 0) {
      throw PosixException.last("write", name);
    }
    if (length != bytes.length) {
      throw new PosixException("write", PosixException.ENOSPC, name);
    }
  }

  /** Closes the description and releases its locks. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // Linux has released the descriptor even where close reports an error.
      Libc.close(fd);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

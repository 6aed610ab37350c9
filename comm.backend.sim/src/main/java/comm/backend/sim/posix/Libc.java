package comm.backend.sim.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The C library. Plain calls with primitive types only, so that nothing needs to be opened to JNA.
 */
final class Libc {

  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

  // <fcntl.h>; O_NOFOLLOW is one of the few that differ between architectures
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
  static final int O_CLOEXEC = 0x80000;
  static final int F_OFD_GETLK = 36;
  static final int F_OFD_SETLK = 37;
  static final short F_WRLCK = 1;
  static final short F_UNLCK = 2;
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int STATX_BASIC_STATS = 0x7ff;
  static final int W_OK = 2;

  // <unistd.h>
  static final int SC_PAGESIZE = 30;

  // <sys/mman.h>
  static final int PROT_READ_WRITE = 3;
  static final int MAP_SHARED = 0x1;
  static final int MAP_PRIVATE = 0x2;
  static final int MAP_FIXED = 0x10;
  static final int MAP_ANONYMOUS = 0x20;
  static final int MAP_NORESERVE = 0x4000;
  static final int MAP_FIXED_NOREPLACE = 0x100000;

  // <sys/syscall.h>, <linux/futex.h>; without FUTEX_PRIVATE_FLAG, since the word is shared
  static final long SYS_FUTEX = ARM ? 98 : 202;
  static final long FUTEX_WAIT = 0;
  static final long FUTEX_WAKE = 1;

  static {
    Native.register(Libc.class, NativeLibrary.getInstance("c"));
  }

  private Libc() {}

  static native int open(String path, int flags, int mode);

  static native int close(int fd);

  static native long read(int fd, byte[] buffer, long length);

  static native long write(int fd, byte[] buffer, long length);

  static native int link(String from, String to);

  static native int unlink(String path);

  static native int access(String path, int mode);

  static native int geteuid();

  static native long sysconf(int name);

  static native int ftruncate(int fd, long length);

  /** Gives the error number itself and leaves errno alone. */
  static native int posix_fallocate(int fd, long offset, long length);

  static native int fcntl(int fd, int command, byte[] lock);

  static native int statx(int directory, String path, int flags, int mask, byte[] buffer);

  static native long mmap(
      long address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(long address, long length);

  static native long syscall(long number, long a, long b, long c, @Nullable ByteBuffer d);

  /** shm_open and shm_unlink: in libc since glibc 2.34, before that in librt. */
  static final class SharedMemory {

    static {
      NativeLibrary library = NativeLibrary.getInstance("c");
      try {
        library.getFunction("shm_open");
      } catch (UnsatisfiedLinkError older) {
        library = NativeLibrary.getInstance("rt");
      }
      Native.register(SharedMemory.class, library);
    }

    private SharedMemory() {}

    static native int shm_open(String name, int flags, int mode);

    static native int shm_unlink(String name);
  }
}

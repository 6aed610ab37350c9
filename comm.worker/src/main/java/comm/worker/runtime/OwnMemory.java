package comm.worker.runtime;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** Functions of the C library for this process's memory. */
final class OwnMemory {

  /** Not mapped. */
  static final int EFAULT = 14;

  private static final int SC_PAGESIZE = 30;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE = 0x2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MREMAP_MAYMOVE = 1;

  private static final NativeLibrary LIBC = NativeLibrary.getInstance("c");

  /** Bytes of a page. */
  static final long PAGE = function("sysconf").invokeLong(new Object[] {SC_PAGESIZE});

  private OwnMemory() {}

  private static Function function(String name) {
    return LIBC.getFunction(name);
  }

  /**
   * Reads where nothing may be mapped, which a plain access would end the process for.
   *
   * @return false if nothing is mapped there
   */
  static boolean read(long address, byte[] target) {
    try (Memory bytes = new Memory(target.length)) {
      long[] local = {Pointer.nativeValue(bytes), target.length};
      long[] remote = {address, target.length};
      long done =
          function("process_vm_readv")
              .invokeLong(
                  new Object[] {(int) ProcessHandle.current().pid(), local, 1L, remote, 1L, 0L});
      if (done == target.length) {
        bytes.read(0, target, 0, target.length);
        return true;
      }
      if (done >= 0 || Native.getLastError() == EFAULT) {
        return false;
      }
    }
    // a container may forbid the call even on oneself
    new Pointer(address).read(0, target, 0, target.length);
    return true;
  }

  /**
   * Maps shared memory that is mapped already a second time.
   *
   * @param address of the first mapping, a multiple of a page
   * @return another address of the same bytes, -1 if the memory isn't mapped or isn't shared
   */
  static long mapAgain(long address, long length) {
    // an old length of 0 keeps the first mapping and makes a second one
    return function("mremap").invokeLong(new Object[] {address, 0L, length, MREMAP_MAYMOVE});
  }

  /** Puts private zero pages in the place of a mapping. */
  static void vacate(long address, long length) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
    long at =
        function("mmap").invokeLong(new Object[] {address, length, PROT_READ_WRITE, flags, -1, 0L});
    if (at != address) {
      throw new IllegalStateException(
          "mmap: private pages can't be put at 0x" + Long.toHexString(address));
    }
  }

  static void unmap(long address, long length) {
    int code = function("munmap").invokeInt(new Object[] {address, length});
    if (code != 0) {
      throw new IllegalStateException("munmap: 0x" + Long.toHexString(address));
    }
  }
}

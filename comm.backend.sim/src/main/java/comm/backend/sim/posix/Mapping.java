package comm.backend.sim.posix;

import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shared memory mapped into this process. Java reaches it through direct buffers; the address range
 * stays mapped while any of them, or a slice of one, is reachable, so that no access can ever hit
 * an address that is gone.
 *
 * <p>{@link #vacate} gives the memory back at once nevertheless: it puts private zero pages in the
 * place of the shared ones. A thread that is late reads zeros and harms nobody.
 */
public final class Mapping {

  private static final Cleaner CLEANER = Cleaner.create();

  private final long address;
  private final long length;

  /** Buffers in use, plus one for this object; the last one unmaps. */
  private final AtomicInteger users = new AtomicInteger(1);

  private Mapping(long address, long length) {
    this.address = address;
    this.length = length;
    CLEANER.register(this, new Release(address, length, users));
  }

  private record Release(long address, long length, AtomicInteger users) implements Runnable {
    @Override
    public void run() {
      if (users.decrementAndGet() == 0) {
        Libc.munmap(address, length);
      }
    }
  }

  /** Maps where the kernel likes. */
  public static Mapping anywhere(Descriptor descriptor, long length) throws PosixException {
    long address = Libc.mmap(0, length, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, descriptor.fd(), 0);
    if (address == -1) {
      throw PosixException.last("mmap", descriptor.toString());
    }
    return new Mapping(address, length);
  }

  /**
   * Maps at an address, unless something is there.
   *
   * @throws PosixException with EEXIST if the range isn't free
   */
  public static Mapping at(long address, Descriptor descriptor, long length) throws PosixException {
    int flags = Libc.MAP_SHARED | Libc.MAP_FIXED_NOREPLACE;
    long got = Libc.mmap(address, length, Libc.PROT_READ_WRITE, flags, descriptor.fd(), 0);
    if (got == -1) {
      throw PosixException.last("mmap", descriptor.toString());
    }
    if (got != address) {
      // A kernel before 4.17 takes the address as a wish only.
      Libc.munmap(got, length);
      throw new PosixException("mmap", PosixException.EEXIST, descriptor.toString());
    }
    return new Mapping(address, length);
  }

  /** Bytes of a page; mappings and their parts begin at multiples of it. */
  public static long pageBytes() {
    return Libc.sysconf(Libc.SC_PAGESIZE);
  }

  public long address() {
    return address;
  }

  public long length() {
    return length;
  }

  /** A part of the memory; it and its slices keep the address range mapped. */
  public ByteBuffer buffer(long offset, int bytes) {
    if (offset < 0 || bytes < 0 || offset > length - bytes) {
      throw new IndexOutOfBoundsException(bytes + " bytes at " + offset + " of " + length);
    }
    users.incrementAndGet();
    ByteBuffer buffer = new Pointer(address + offset).getByteBuffer(0, bytes);
    CLEANER.register(buffer, new Release(address, length, users));
    return buffer;
  }

  /** Gives the shared memory back; the address range stays, with private zero pages in it. */
  public void vacate() throws PosixException {
    int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_FIXED | Libc.MAP_NORESERVE;
    if (Libc.mmap(address, length, Libc.PROT_READ_WRITE, flags, -1, 0) == -1) {
      throw PosixException.last("mmap", "private pages");
    }
  }
}

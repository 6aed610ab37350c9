package comm.worker.runtime;

import com.sun.jna.Pointer;
import comm.api.spi.HostMemory;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A window that the runtime has mapped, mapped once more. The runtime unmaps its own mapping when
 * the communicator is destroyed, whoever still uses it; this one stays while any buffer of it is
 * reachable, so that no access can ever hit an address that is gone.
 *
 * <p>Once released, private zero pages take its place, unless a caller was given a view: a thread
 * that is late reads zeros and harms nobody.
 */
final class SharedWindow implements HostMemory.Mapping {

  private static final Cleaner CLEANER = Cleaner.create();

  private final long start;
  private final long length;
  private final long first;
  private final AtomicInteger users = new AtomicInteger(1);
  private boolean viewed;
  private boolean released;

  private SharedWindow(long start, long length, long first) {
    this.start = start;
    this.length = length;
    this.first = first;
    CLEANER.register(this, new Unmap(start, length, users));
  }

  private record Unmap(long start, long length, AtomicInteger users) implements Runnable {
    @Override
    public void run() {
      if (users.decrementAndGet() == 0) {
        OwnMemory.unmap(start, length);
      }
    }
  }

  /**
   * Maps a window again.
   *
   * @return empty if the address is not that of shared memory of this process
   */
  static Optional<SharedWindow> of(long address, long bytes) {
    long page = address & -OwnMemory.PAGE;
    long length = address - page + bytes;
    long start = OwnMemory.mapAgain(page, length);
    return start == -1
        ? Optional.empty()
        : Optional.of(new SharedWindow(start, length, address - page));
  }

  private ByteBuffer buffer(long offset, int bytes) {
    if (offset < 0 || bytes < 0 || offset > length - first - bytes) {
      throw new IndexOutOfBoundsException(
          bytes + " bytes at " + offset + " of a window of " + (length - first));
    }
    users.incrementAndGet();
    ByteBuffer buffer = new Pointer(start + first + offset).getByteBuffer(0, bytes);
    CLEANER.register(buffer, new Unmap(start, length, users));
    return buffer;
  }

  @Override
  public ByteBuffer map(long offset, int bytes) {
    return buffer(offset, bytes);
  }

  @Override
  public synchronized ByteBuffer share(long offset, int bytes) {
    if (released) {
      throw new IllegalStateException("view: the windows are closed");
    }
    viewed = true;
    return buffer(offset, bytes);
  }

  /** Gives the memory back, now or when the last view is gone. */
  synchronized void release() {
    if (!released) {
      released = true;
      if (!viewed) {
        OwnMemory.vacate(start, length);
      }
    }
  }
}

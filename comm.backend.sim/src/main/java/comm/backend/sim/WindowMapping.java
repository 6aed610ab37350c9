package comm.backend.sim;

import comm.api.spi.HostMemory;
import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.Mapping;
import comm.backend.sim.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The windows of one allocation, mapped into this process once, whatever number of its threads are
 * ranks: so even they see every window at the same address.
 *
 * <p>When the last of them is done the shared memory is given back at once, unless a caller was
 * given a view of it; then it stays until no view is reachable any more.
 */
final class WindowMapping {

  private static final Map<String, WindowMapping> MAPPINGS = new HashMap<>();

  private final String token;
  private final Mapping mapping;
  private int users;
  private boolean viewed;

  private WindowMapping(String token, Mapping mapping) {
    this.token = token;
    this.mapping = mapping;
  }

  /**
   * Maps a segment, or takes part in the mapping that this process has of it.
   *
   * @throws PosixException with EEXIST if something else is at the address
   */
  static WindowMapping attach(String token, Descriptor descriptor, long address, long length)
      throws PosixException {
    synchronized (MAPPINGS) {
      WindowMapping known = MAPPINGS.get(token);
      if (known == null || known.mapping.address() != address) {
        known = new WindowMapping(token, Mapping.at(address, descriptor, length));
        MAPPINGS.put(token, known);
      }
      known.users++;
      return known;
    }
  }

  long address() {
    return mapping.address();
  }

  /** The window that begins at an offset. */
  HostMemory window(long start, long bytes) {
    return new HostMemory(
        bytes,
        new HostMemory.Mapping() {
          @Override
          public ByteBuffer map(long offset, int length) {
            return mapping.buffer(start + offset, length);
          }

          @Override
          public ByteBuffer share(long offset, int length) {
            return view(start + offset, length);
          }
        });
  }

  private ByteBuffer view(long offset, int length) {
    synchronized (MAPPINGS) {
      if (users == 0) {
        throw new IllegalStateException("view: the windows are closed");
      }
      viewed = true;
      return mapping.buffer(offset, length);
    }
  }

  /** One rank of this process is done with it. */
  void release() throws PosixException {
    synchronized (MAPPINGS) {
      users--;
      if (users == 0) {
        MAPPINGS.remove(token, this);
        if (!viewed) {
          mapping.vacate();
        }
      }
    }
  }
}

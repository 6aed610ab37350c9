package comm.worker.kernel;

import static java.util.Objects.requireNonNull;

import comm.api.CommContext;

/**
 * Turns an address in this rank's window into the address of the same place in a peer's window, as
 * {@code CommRemotePtr} does in kernels of the ported system: {@code windowsIn[peer] + (address -
 * windowsIn[rank])}; but outside of the window it is an error. Immutable.
 */
public final class RemotePointer {

  private final CommContext context;
  private final long base;

  private RemotePointer(CommContext context) {
    this.context = context;
    this.base = context.windowsIn().get(context.rankId());
  }

  /**
   * Pointers into the windows of one allocation.
   *
   * @param context the device context of the windows, as this rank sees them
   * @return what turns addresses
   */
  public static RemotePointer of(CommContext context) {
    return new RemotePointer(requireNonNull(context, "context"));
  }

  /**
   * The address of the same place in a peer's window.
   *
   * @param address in this rank's window, or just behind its last byte
   * @param peer 0 ≤ peer &lt; number of ranks
   * @return the address, for this rank's memory accesses only
   * @throws IllegalArgumentException if the address is not in the window
   * @throws IndexOutOfBoundsException if there is no such rank
   */
  public long to(long address, int peer) {
    if (peer < 0 || peer >= context.rankNum()) {
      throw new IndexOutOfBoundsException(
          "rank must be 0 to " + (context.rankNum() - 1) + ", but is " + peer);
    }
    long offset = address - base;
    if (Long.compareUnsigned(offset, context.winSize()) > 0) {
      throw new IllegalArgumentException(
          "address 0x"
              + Long.toHexString(address)
              + " is not in the window of rank "
              + context.rankId()
              + ", which begins at 0x"
              + Long.toHexString(base)
              + " and has "
              + context.winSize()
              + " bytes");
    }
    return context.windowsIn().get(peer) + offset;
  }

  /**
   * The device context.
   *
   * @return as it was given
   */
  public CommContext context() {
    return context;
  }
}

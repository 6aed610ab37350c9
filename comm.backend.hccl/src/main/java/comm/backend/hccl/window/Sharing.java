package comm.backend.hccl.window;

import comm.backend.hccl.cann.CannException;
import java.util.List;

/**
 * The windows of one allocation, shared in one way. For the device's thread alone. What was begun
 * is undone by {@link #detach} and {@link #free}, wherever it failed; both may be called at any
 * time, and again.
 */
interface Sharing {

  /**
   * Makes this rank's window, fills it with zeros and only then exports it.
   *
   * @param bytes what was asked for
   * @param members all ranks
   */
  Offer offer(long bytes, List<Member> members) throws CannException;

  /** Makes the windows of all ranks reachable from this one. */
  Addresses attach(List<Offer> offers) throws CannException;

  /** Lets go of the other ranks' windows. */
  void detach() throws CannException;

  /** Frees this rank's window. No other rank may have it attached any more. */
  void free() throws CannException;

  /**
   * What a rank says of its window.
   *
   * @param size bytes that it really has
   * @param granularity what sizes are rounded to; 0 if nothing is
   * @param handle by which others reach it; at most {@value #LONGEST_HANDLE} bytes, perhaps none
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, read, and never compared
  record Offer(long size, long granularity, byte[] handle) {
    /** The longest handle there is, with room to spare. */
    static final int LONGEST_HANDLE = 256;

    /** Nothing. */
    static final Offer NONE = new Offer(0, 0, new byte[0]);
  }
}

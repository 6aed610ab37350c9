package comm.api.spi;

import comm.api.CommContext;
import comm.api.Comparison;
import java.util.Map;

/**
 * The windows of all ranks from one allocation. Offsets have been checked against {@link #size()}
 * and, for signals, against 8-byte alignment. Several threads may call at once, and {@link #close}
 * may come while another thread is inside {@link #signal} or an access to {@link #memory}: such a
 * call may do anything harmless.
 */
public interface BackendWindows {

  /**
   * Bytes that each window has. At least what was asked for.
   *
   * @return the size in bytes
   */
  long size();

  /**
   * The addresses of all windows, as this rank sees them.
   *
   * @return the context
   */
  CommContext context();

  /**
   * Address of the encoded context ({@link CommContext#BYTES} bytes) where kernels read it: device
   * memory on a device, this process's memory on a simulated one. Valid until {@link #close}.
   *
   * @return the address
   */
  long deviceContext();

  /**
   * The memory of one rank's window. Where an access is more than a load or a store it can fail;
   * its methods then throw what {@code failures} makes of it.
   *
   * @param rank 0 ≤ rank &lt; size of the communicator
   * @param failures turns a failed access into the exception that a caller gets, and breaks the
   *     communicator of this rank; the backend sees to it that the others learn of it
   * @return a {@link HostMemory} where the window is mapped into this process
   */
  WindowMemory memory(int rank, AccessFailures failures);

  /**
   * How these windows came about, for people and logs: what the backend chose and what it was
   * given, such as {@code strategy=fabric}. Keys and values are the backend's own. Never waits.
   *
   * @return the facts, in the order in which they are shown
   */
  default Map<String, String> attributes() {
    return Map.of();
  }

  /**
   * Changes a signal word and wakes whoever awaits it. A release: what this rank wrote before is
   * visible to a rank whose {@link #await} sees the new value.
   *
   * @param rank whose window holds the word
   * @param offset of the word in bytes, a multiple of 8
   * @param operation how the word changes
   * @param operand the new value, or what is added
   * @throws BackendFailure if the word can't be reached
   */
  void signal(int rank, long offset, SignalOperation operation, long operand) throws BackendFailure;

  /**
   * Waits until a signal word compares as asked. An acquire.
   *
   * @param rank whose window holds the word
   * @param offset of the word in bytes, a multiple of 8
   * @param comparison between the word, on the left, and the operand
   * @param operand right side of the comparison
   * @param limit how long the call may wait
   * @return the value that satisfied the comparison
   * @throws BackendFailure if a rank failed or time ran out
   */
  long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure;

  /**
   * Frees what this process holds of the windows. Never waits for other ranks longer than the
   * limit. No other method is called afterwards.
   *
   * @param limit how long closing may take
   * @throws BackendFailure if something could not be freed
   */
  void close(WaitLimit limit) throws BackendFailure;
}

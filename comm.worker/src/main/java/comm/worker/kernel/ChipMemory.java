package comm.worker.kernel;

import comm.api.Comparison;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The memory of a chip by its addresses, as kernels see it: what was allocated on the chip, its own
 * window, the windows of its peers, and device contexts, which are read-only. Every access is
 * checked, so a wrong address is an error and never touches anything else. Values are
 * little-endian. Any thread may use it.
 *
 * <p>Each method throws {@link IllegalArgumentException} if not all the bytes are in one allocation
 * or one window, and {@link IllegalStateException} if their windows are closed.
 */
public interface ChipMemory {

  /**
   * Copies bytes out of memory.
   *
   * @param address of the first byte
   * @param target filled from its position to its limit; its position moves to its limit
   */
  void get(long address, ByteBuffer target);

  /**
   * Copies bytes into memory.
   *
   * @param address of the first byte
   * @param source read from its position to its limit; its position moves to its limit
   */
  void put(long address, ByteBuffer source);

  /**
   * Reads floats.
   *
   * @param address of the first byte
   * @param target filled
   */
  void get(long address, float[] target);

  /**
   * Writes floats.
   *
   * @param address of the first byte
   * @param source written
   */
  void put(long address, float[] source);

  /**
   * Reads one int.
   *
   * @param address of its first byte
   * @return the value
   */
  int getInt(long address);

  /**
   * Writes one int.
   *
   * @param address of its first byte
   * @param value the value
   */
  void putInt(long address, int value);

  /**
   * Reads one long.
   *
   * @param address of its first byte
   * @return the value
   */
  long getLong(long address);

  /**
   * Writes one long.
   *
   * @param address of its first byte
   * @param value the value
   */
  void putLong(long address, long value);

  /**
   * Sets a signal word of a window, the chip's own or a peer's, and wakes whoever awaits it. A
   * release: who sees the new value by {@link #await} sees what was written before.
   *
   * @param address of the word, which has 8 bytes and lies at a multiple of 8 in its window
   * @param value the new value
   * @throws UnsupportedOperationException if the address is not in a window
   */
  void notify(long address, long value);

  /**
   * Adds to a signal word of a window, the chip's own or a peer's, and wakes whoever awaits it;
   * atomic, a release.
   *
   * @param address of the word, which has 8 bytes and lies at a multiple of 8 in its window
   * @param delta what is added
   * @throws UnsupportedOperationException if the address is not in a window, or the backend has no
   *     atomics on it
   */
  void notifyAdd(long address, long delta);

  /**
   * Waits until a signal word of a window compares as asked. An acquire.
   *
   * @param address of the word, which has 8 bytes and lies at a multiple of 8 in its window
   * @param comparison between the word, on the left, and the value
   * @param value right side of the comparison
   * @param timeout how long to wait
   * @return what the word was
   * @throws UnsupportedOperationException if the address is not in a window
   * @throws comm.api.CommTimeoutException if the time is over
   * @throws comm.api.PeerFailedException if a rank of the communicator died or left
   */
  long await(long address, Comparison comparison, long value, Duration timeout);
}

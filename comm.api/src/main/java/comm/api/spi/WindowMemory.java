package comm.api.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of one window. Offsets are in bytes; ranges have been checked against the window's size
 * and, for atomics, against the alignment of their type. Values are little-endian. Implementations
 * must be safe for use by several threads, as memory is: overlapping writes without synchronisation
 * give any mixture of bytes.
 *
 * <p>A backend whose windows are mapped into this process returns {@link HostMemory}. Any other
 * backend implements the two methods that move bytes; typed access is built on them, and atomics
 * and views are refused.
 */
public interface WindowMemory {

  /**
   * Copies bytes out of the window.
   *
   * @param offset first byte in the window
   * @param target filled from its position to its limit; its position moves to its limit
   */
  void get(long offset, ByteBuffer target);

  /**
   * Copies bytes into the window.
   *
   * @param offset first byte in the window
   * @param source read from its position to its limit; its position moves to its limit
   */
  void put(long offset, ByteBuffer source);

  /**
   * A view of the window's bytes that shares their memory.
   *
   * @param offset first byte
   * @param length bytes
   * @return a little-endian buffer; the memory stays as it is while the buffer is reachable
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default ByteBuffer view(long offset, int length) {
    throw new UnsupportedOperationException(
        "this window is not mapped into this process; use get and put");
  }

  /**
   * Copies bytes out of the window.
   *
   * @param offset first byte in the window
   * @param target where they go
   * @param from first element in the target
   * @param count number of bytes
   */
  default void get(long offset, byte[] target, int from, int count) {
    get(offset, ByteBuffer.wrap(target, from, count));
  }

  /**
   * Copies bytes into the window.
   *
   * @param offset first byte in the window
   * @param source where they come from
   * @param from first element in the source
   * @param count number of bytes
   */
  default void put(long offset, byte[] source, int from, int count) {
    put(offset, ByteBuffer.wrap(source, from, count));
  }

  /**
   * Copies int values out of the window.
   *
   * @param offset first byte in the window
   * @param target where they go
   * @param from first element in the target
   * @param count number of elements
   */
  default void get(long offset, int[] target, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 4)).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    bytes.flip().asIntBuffer().get(target, from, count);
  }

  /**
   * Copies int values into the window.
   *
   * @param offset first byte in the window
   * @param source where they come from
   * @param from first element in the source
   * @param count number of elements
   */
  default void put(long offset, int[] source, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 4)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(source, from, count);
    put(offset, bytes);
  }

  /**
   * Copies long values out of the window.
   *
   * @param offset first byte in the window
   * @param target where they go
   * @param from first element in the target
   * @param count number of elements
   */
  default void get(long offset, long[] target, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 8)).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    bytes.flip().asLongBuffer().get(target, from, count);
  }

  /**
   * Copies long values into the window.
   *
   * @param offset first byte in the window
   * @param source where they come from
   * @param from first element in the source
   * @param count number of elements
   */
  default void put(long offset, long[] source, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 8)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(source, from, count);
    put(offset, bytes);
  }

  /**
   * Copies float values out of the window.
   *
   * @param offset first byte in the window
   * @param target where they go
   * @param from first element in the target
   * @param count number of elements
   */
  default void get(long offset, float[] target, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 4)).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    bytes.flip().asFloatBuffer().get(target, from, count);
  }

  /**
   * Copies float values into the window.
   *
   * @param offset first byte in the window
   * @param source where they come from
   * @param from first element in the source
   * @param count number of elements
   */
  default void put(long offset, float[] source, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 4)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(source, from, count);
    put(offset, bytes);
  }

  /**
   * Copies double values out of the window.
   *
   * @param offset first byte in the window
   * @param target where they go
   * @param from first element in the target
   * @param count number of elements
   */
  default void get(long offset, double[] target, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 8)).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    bytes.flip().asDoubleBuffer().get(target, from, count);
  }

  /**
   * Copies double values into the window.
   *
   * @param offset first byte in the window
   * @param source where they come from
   * @param from first element in the source
   * @param count number of elements
   */
  default void put(long offset, double[] source, int from, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, 8)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(source, from, count);
    put(offset, bytes);
  }

  /**
   * Reads one byte.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   */
  default byte getByte(long offset) {
    ByteBuffer bytes = ByteBuffer.allocate(1).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    return bytes.flip().get();
  }

  /**
   * Writes one byte.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   */
  default void putByte(long offset, byte value) {
    put(offset, ByteBuffer.allocate(1).order(ByteOrder.LITTLE_ENDIAN).put(value).flip());
  }

  /**
   * Reads one int.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   */
  default int getInt(long offset) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    return bytes.flip().getInt();
  }

  /**
   * Writes one int.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   */
  default void putInt(long offset, int value) {
    put(offset, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).flip());
  }

  /**
   * Reads one long.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   */
  default long getLong(long offset) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    return bytes.flip().getLong();
  }

  /**
   * Writes one long.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   */
  default void putLong(long offset, long value) {
    put(offset, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).flip());
  }

  /**
   * Reads one float.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   */
  default float getFloat(long offset) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    return bytes.flip().getFloat();
  }

  /**
   * Writes one float.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   */
  default void putFloat(long offset, float value) {
    put(offset, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).flip());
  }

  /**
   * Reads one double.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   */
  default double getDouble(long offset) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    get(offset, bytes);
    return bytes.flip().getDouble();
  }

  /**
   * Writes one double.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   */
  default void putDouble(long offset, double value) {
    put(offset, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).flip());
  }

  /**
   * Reads one int atomically, with acquire ordering.
   *
   * @param offset of its first byte, a multiple of 4
   * @return the value
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default int getIntAcquire(long offset) {
    throw noAtomics();
  }

  /**
   * Writes one int atomically, with release ordering.
   *
   * @param offset of its first byte, a multiple of 4
   * @param value the new value
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default void putIntRelease(long offset, int value) {
    throw noAtomics();
  }

  /**
   * Adds to one int atomically, with volatile ordering; the sum wraps.
   *
   * @param offset of its first byte, a multiple of 4
   * @param delta what is added
   * @return the value before
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default int getAndAddInt(long offset, int delta) {
    throw noAtomics();
  }

  /**
   * Exchanges one int atomically, with volatile ordering.
   *
   * @param offset of its first byte, a multiple of 4
   * @param value the new value
   * @return the value before
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default int getAndSetInt(long offset, int value) {
    throw noAtomics();
  }

  /**
   * Replaces one int atomically if it is as expected, with volatile ordering.
   *
   * @param offset of its first byte, a multiple of 4
   * @param expected what it must be
   * @param value the new value
   * @return whether it was replaced
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default boolean compareAndSetInt(long offset, int expected, int value) {
    throw noAtomics();
  }

  /**
   * Reads one long atomically, with acquire ordering.
   *
   * @param offset of its first byte, a multiple of 8
   * @return the value
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default long getLongAcquire(long offset) {
    throw noAtomics();
  }

  /**
   * Writes one long atomically, with release ordering.
   *
   * @param offset of its first byte, a multiple of 8
   * @param value the new value
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default void putLongRelease(long offset, long value) {
    throw noAtomics();
  }

  /**
   * Adds to one long atomically, with volatile ordering; the sum wraps.
   *
   * @param offset of its first byte, a multiple of 8
   * @param delta what is added
   * @return the value before
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default long getAndAddLong(long offset, long delta) {
    throw noAtomics();
  }

  /**
   * Exchanges one long atomically, with volatile ordering.
   *
   * @param offset of its first byte, a multiple of 8
   * @param value the new value
   * @return the value before
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default long getAndSetLong(long offset, long value) {
    throw noAtomics();
  }

  /**
   * Replaces one long atomically if it is as expected, with volatile ordering.
   *
   * @param offset of its first byte, a multiple of 8
   * @param expected what it must be
   * @param value the new value
   * @return whether it was replaced
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  default boolean compareAndSetLong(long offset, long expected, long value) {
    throw noAtomics();
  }

  private static UnsupportedOperationException noAtomics() {
    return new UnsupportedOperationException(
        "this window is not mapped into this process and has no atomics; use signals");
  }
}

package comm.api;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

/**
 * The memory of one rank that all ranks can reach. Offsets and sizes are in bytes; values are
 * little-endian. Every access is checked: out of range is {@link IndexOutOfBoundsException}, after
 * close it is {@link IllegalStateException}, on a broken communicator {@link CommBrokenException}.
 *
 * <p>Any thread of any rank may read and write at any time. Plain accesses ({@code get}, {@code
 * put}) are ordered between ranks only by {@link Communicator#barrier}, by {@link #signal} and
 * {@link #await}, and by the atomics; see {@code docs/memory-model.md}. Where the memory is mapped
 * into this process an access takes nanoseconds and allocates nothing. Where it is not, {@code get}
 * and {@code put} are copies by the device, every other access is made of them, atomics and views
 * are refused, and a copy that fails breaks the communicator with a {@link CommException}.
 */
public final class Window {

  private final int rank;
  private final WindowSet set;
  private final BackendWindows windows;
  private final WindowMemory memory;
  private final long size;

  Window(int rank, WindowSet set, BackendWindows windows, WindowMemory memory) {
    this.rank = rank;
    this.set = set;
    this.windows = windows;
    this.memory = memory;
    this.size = windows.size();
  }

  /**
   * The rank whose memory this is.
   *
   * @return the rank
   */
  public int rank() {
    return rank;
  }

  /**
   * Bytes of the window.
   *
   * @return the size
   */
  public long size() {
    return size;
  }

  /**
   * The address of the first byte as this rank sees it, for kernels.
   *
   * @return the address
   * @throws IllegalStateException if the set is closed
   */
  public long address() {
    set.check("address");
    return windows.context().windowsIn().get(rank);
  }

  private void check(String operation, long offset, long length) {
    // offset, length and what is left must all be non-negative; the sum can't overflow undetected
    if ((offset | length | (size - offset - length)) < 0 || offset + length < 0) {
      throw outOfRange(operation, offset, length);
    }
    set.check(operation);
  }

  private void checkAligned(String operation, long offset, int bytes) {
    check(operation, offset, bytes);
    if ((offset & (bytes - 1)) != 0) {
      throw new IllegalArgumentException(
          operation + ": offset must be a multiple of " + bytes + ", but is " + offset);
    }
  }

  private IndexOutOfBoundsException outOfRange(String operation, long offset, long length) {
    return new IndexOutOfBoundsException(
        operation
            + ": "
            + length
            + " bytes at offset "
            + offset
            + " are outside the window of rank "
            + rank
            + " ("
            + size
            + " bytes)");
  }

  /**
   * Copies bytes out of the window.
   *
   * @param offset first byte in the window
   * @param target filled from its position to its limit; its position moves to its limit
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void get(long offset, ByteBuffer target) {
    check("get", offset, target.remaining());
    memory.get(offset, target);
  }

  /**
   * Copies bytes into the window.
   *
   * @param offset first byte in the window
   * @param source read from its position to its limit; its position moves to its limit
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void put(long offset, ByteBuffer source) {
    check("put", offset, source.remaining());
    memory.put(offset, source);
  }

  /**
   * A view of the window's bytes that shares their memory, little-endian. It stays valid while it
   * is reachable, even after the set was closed, and keeps the memory so long.
   *
   * @param offset first byte
   * @param length bytes
   * @return a direct buffer
   * @throws IndexOutOfBoundsException if the range is outside the window
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public ByteBuffer view(long offset, int length) {
    check("view", offset, length);
    return memory.view(offset, length);
  }

  /**
   * Fills an array from the window.
   *
   * @param offset first byte in the window
   * @param target the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void get(long offset, byte[] target) {
    get(offset, target, 0, target.length);
  }

  /**
   * Copies a part of an array out of the window.
   *
   * @param offset first byte in the window
   * @param target the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void get(long offset, byte[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    check("get", offset, count);
    memory.get(offset, target, from, count);
  }

  /**
   * Copies an array into the window.
   *
   * @param offset first byte in the window
   * @param source the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void put(long offset, byte[] source) {
    put(offset, source, 0, source.length);
  }

  /**
   * Copies a part of an array into the window.
   *
   * @param offset first byte in the window
   * @param source the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void put(long offset, byte[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    check("put", offset, count);
    memory.put(offset, source, from, count);
  }

  /**
   * Fills an array from the window.
   *
   * @param offset first byte in the window
   * @param target the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void get(long offset, int[] target) {
    get(offset, target, 0, target.length);
  }

  /**
   * Copies a part of an array out of the window.
   *
   * @param offset first byte in the window
   * @param target the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void get(long offset, int[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    check("get", offset, (long) count * 4);
    memory.get(offset, target, from, count);
  }

  /**
   * Copies an array into the window.
   *
   * @param offset first byte in the window
   * @param source the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void put(long offset, int[] source) {
    put(offset, source, 0, source.length);
  }

  /**
   * Copies a part of an array into the window.
   *
   * @param offset first byte in the window
   * @param source the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void put(long offset, int[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    check("put", offset, (long) count * 4);
    memory.put(offset, source, from, count);
  }

  /**
   * Fills an array from the window.
   *
   * @param offset first byte in the window
   * @param target the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void get(long offset, long[] target) {
    get(offset, target, 0, target.length);
  }

  /**
   * Copies a part of an array out of the window.
   *
   * @param offset first byte in the window
   * @param target the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void get(long offset, long[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    check("get", offset, (long) count * 8);
    memory.get(offset, target, from, count);
  }

  /**
   * Copies an array into the window.
   *
   * @param offset first byte in the window
   * @param source the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void put(long offset, long[] source) {
    put(offset, source, 0, source.length);
  }

  /**
   * Copies a part of an array into the window.
   *
   * @param offset first byte in the window
   * @param source the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void put(long offset, long[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    check("put", offset, (long) count * 8);
    memory.put(offset, source, from, count);
  }

  /**
   * Fills an array from the window.
   *
   * @param offset first byte in the window
   * @param target the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void get(long offset, float[] target) {
    get(offset, target, 0, target.length);
  }

  /**
   * Copies a part of an array out of the window.
   *
   * @param offset first byte in the window
   * @param target the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void get(long offset, float[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    check("get", offset, (long) count * 4);
    memory.get(offset, target, from, count);
  }

  /**
   * Copies an array into the window.
   *
   * @param offset first byte in the window
   * @param source the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void put(long offset, float[] source) {
    put(offset, source, 0, source.length);
  }

  /**
   * Copies a part of an array into the window.
   *
   * @param offset first byte in the window
   * @param source the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void put(long offset, float[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    check("put", offset, (long) count * 4);
    memory.put(offset, source, from, count);
  }

  /**
   * Fills an array from the window.
   *
   * @param offset first byte in the window
   * @param target the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void get(long offset, double[] target) {
    get(offset, target, 0, target.length);
  }

  /**
   * Copies a part of an array out of the window.
   *
   * @param offset first byte in the window
   * @param target the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void get(long offset, double[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    check("get", offset, (long) count * 8);
    memory.get(offset, target, from, count);
  }

  /**
   * Copies an array into the window.
   *
   * @param offset first byte in the window
   * @param source the whole array
   * @throws IndexOutOfBoundsException if the range is outside the window
   */
  public void put(long offset, double[] source) {
    put(offset, source, 0, source.length);
  }

  /**
   * Copies a part of an array into the window.
   *
   * @param offset first byte in the window
   * @param source the array
   * @param from first element in the array
   * @param count number of elements
   * @throws IndexOutOfBoundsException if the range is outside the window or the array
   */
  public void put(long offset, double[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    check("put", offset, (long) count * 8);
    memory.put(offset, source, from, count);
  }

  /**
   * Reads one byte.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public byte getByte(long offset) {
    check("getByte", offset, 1);
    return memory.getByte(offset);
  }

  /**
   * Writes one byte.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public void putByte(long offset, byte value) {
    check("putByte", offset, 1);
    memory.putByte(offset, value);
  }

  /**
   * Reads one int.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public int getInt(long offset) {
    check("getInt", offset, 4);
    return memory.getInt(offset);
  }

  /**
   * Writes one int.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public void putInt(long offset, int value) {
    check("putInt", offset, 4);
    memory.putInt(offset, value);
  }

  /**
   * Reads one long.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public long getLong(long offset) {
    check("getLong", offset, 8);
    return memory.getLong(offset);
  }

  /**
   * Writes one long.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public void putLong(long offset, long value) {
    check("putLong", offset, 8);
    memory.putLong(offset, value);
  }

  /**
   * Reads one float.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public float getFloat(long offset) {
    check("getFloat", offset, 4);
    return memory.getFloat(offset);
  }

  /**
   * Writes one float.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public void putFloat(long offset, float value) {
    check("putFloat", offset, 4);
    memory.putFloat(offset, value);
  }

  /**
   * Reads one double.
   *
   * @param offset of its first byte, of any alignment
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public double getDouble(long offset) {
    check("getDouble", offset, 8);
    return memory.getDouble(offset);
  }

  /**
   * Writes one double.
   *
   * @param offset of its first byte, of any alignment
   * @param value the value
   * @throws IndexOutOfBoundsException if it is outside the window
   */
  public void putDouble(long offset, double value) {
    check("putDouble", offset, 8);
    memory.putDouble(offset, value);
  }

  /**
   * Reads one int atomically. An acquire.
   *
   * @param offset of its first byte, a multiple of 4
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public int getIntAcquire(long offset) {
    checkAligned("getIntAcquire", offset, 4);
    return memory.getIntAcquire(offset);
  }

  /**
   * Writes one int atomically. A release.
   *
   * @param offset of its first byte, a multiple of 4
   * @param value the new value
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public void putIntRelease(long offset, int value) {
    checkAligned("putIntRelease", offset, 4);
    memory.putIntRelease(offset, value);
  }

  /**
   * Adds to one int atomically; the sum wraps. An acquire and a release.
   *
   * @param offset of its first byte, a multiple of 4
   * @param delta what is added
   * @return the value before
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public int getAndAddInt(long offset, int delta) {
    checkAligned("getAndAddInt", offset, 4);
    return memory.getAndAddInt(offset, delta);
  }

  /**
   * Exchanges one int atomically. An acquire and a release.
   *
   * @param offset of its first byte, a multiple of 4
   * @param value the new value
   * @return the value before
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public int getAndSetInt(long offset, int value) {
    checkAligned("getAndSetInt", offset, 4);
    return memory.getAndSetInt(offset, value);
  }

  /**
   * Replaces one int atomically if it is as expected. An acquire and a release.
   *
   * @param offset of its first byte, a multiple of 4
   * @param expected what it must be
   * @param value the new value
   * @return whether it was replaced
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public boolean compareAndSetInt(long offset, int expected, int value) {
    checkAligned("compareAndSetInt", offset, 4);
    return memory.compareAndSetInt(offset, expected, value);
  }

  /**
   * Reads one long atomically. An acquire.
   *
   * @param offset of its first byte, a multiple of 8
   * @return the value
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public long getLongAcquire(long offset) {
    checkAligned("getLongAcquire", offset, 8);
    return memory.getLongAcquire(offset);
  }

  /**
   * Writes one long atomically. A release.
   *
   * @param offset of its first byte, a multiple of 8
   * @param value the new value
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public void putLongRelease(long offset, long value) {
    checkAligned("putLongRelease", offset, 8);
    memory.putLongRelease(offset, value);
  }

  /**
   * Adds to one long atomically; the sum wraps. An acquire and a release.
   *
   * @param offset of its first byte, a multiple of 8
   * @param delta what is added
   * @return the value before
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public long getAndAddLong(long offset, long delta) {
    checkAligned("getAndAddLong", offset, 8);
    return memory.getAndAddLong(offset, delta);
  }

  /**
   * Exchanges one long atomically. An acquire and a release.
   *
   * @param offset of its first byte, a multiple of 8
   * @param value the new value
   * @return the value before
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public long getAndSetLong(long offset, long value) {
    checkAligned("getAndSetLong", offset, 8);
    return memory.getAndSetLong(offset, value);
  }

  /**
   * Replaces one long atomically if it is as expected. An acquire and a release.
   *
   * @param offset of its first byte, a multiple of 8
   * @param expected what it must be
   * @param value the new value
   * @return whether it was replaced
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws UnsupportedOperationException if the window isn't mapped into this process
   */
  public boolean compareAndSetLong(long offset, long expected, long value) {
    checkAligned("compareAndSetLong", offset, 8);
    return memory.compareAndSetLong(offset, expected, value);
  }

  /**
   * Sets a signal word, a long, and wakes whoever awaits it. A release: what this rank wrote
   * before, to any window, is visible to whoever sees the new value in {@link #await}.
   *
   * @param offset of the word, a multiple of 8
   * @param value its new value
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws CommException if the window can't be reached
   */
  public void signal(long offset, long value) {
    signal("signal", offset, SignalOperation.SET, value);
  }

  /**
   * Adds to a signal word, a long, in one atomic step, and wakes whoever awaits it. A release, as
   * {@link #signal}.
   *
   * @param offset of the word, a multiple of 8
   * @param delta what is added; the sum wraps
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws CommException if the window can't be reached
   */
  public void signalAdd(long offset, long delta) {
    signal("signalAdd", offset, SignalOperation.ADD, delta);
  }

  private void signal(String name, long offset, SignalOperation operation, long operand) {
    checkAligned(name, offset, Long.BYTES);
    try {
      windows.signal(rank, offset, operation, operand);
    } catch (BackendFailure e) {
      throw set.failed(name, e);
    }
  }

  /**
   * Waits for a signal, as {@link #await(long, Comparison, long, Duration)} with the
   * configuration's timeout.
   *
   * @param offset of the word, a multiple of 8
   * @param comparison between the word, on the left, and the value
   * @param value right side of the comparison
   * @return the value of the word that satisfied the comparison
   * @throws CommException as {@link #await(long, Comparison, long, Duration)}
   */
  public long await(long offset, Comparison comparison, long value) {
    return await(offset, comparison, value, set.limit());
  }

  /**
   * Waits until a signal word, a long, compares as asked. An acquire, the partner of {@link
   * #signal}. Several threads may wait at once. Running out of time or being interrupted leaves the
   * communicator usable.
   *
   * @param offset of the word, a multiple of 8
   * @param comparison between the word, on the left, and the value
   * @param value right side of the comparison
   * @param timeout how long to wait
   * @return the value of the word that satisfied the comparison
   * @throws IndexOutOfBoundsException if it is outside the window
   * @throws IllegalArgumentException if it isn't aligned
   * @throws CommTimeoutException if the time ran out
   * @throws CommInterruptedException if this thread was interrupted
   * @throws PeerFailedException if a rank died, or all others have left
   * @throws CommException if the call fails in another way
   */
  public long await(long offset, Comparison comparison, long value, Duration timeout) {
    return await(offset, comparison, value, new WaitLimit(timeout, Communicator.CALL));
  }

  private long await(long offset, Comparison comparison, long value, WaitLimit limit) {
    Objects.requireNonNull(comparison, "comparison");
    checkAligned("await", offset, Long.BYTES);
    Gate gate = set.gate();
    gate.enterWait("await");
    try {
      return windows.await(rank, offset, comparison, value, limit);
    } catch (BackendFailure e) {
      throw set.failed("await", e, limit);
    } finally {
      gate.exitWait();
    }
  }
}

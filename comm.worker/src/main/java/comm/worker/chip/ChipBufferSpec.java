package comm.worker.chip;

import static java.util.Objects.requireNonNull;

/**
 * A named buffer that bootstrap carves out of the chip's window. Buffers lie one behind the other
 * in the order in which they are given, each at a multiple of its alignment.
 *
 * @param name its name, unlike those of the chip's other buffers
 * @param type what its elements are
 * @param count number of elements, at least 1
 * @param alignment of its first byte in the window, in bytes; a power of two
 * @param placement where it lies; {@value #WINDOW} is the only place there is
 * @param loadFromHost whether bootstrap fills it from the host input of the same name
 * @param storeToHost whether it is copied to the host output of the same name after each task that
 *     succeeded
 */
public record ChipBufferSpec(
    String name,
    DataType type,
    long count,
    int alignment,
    String placement,
    boolean loadFromHost,
    boolean storeToHost) {

  /** The place of a buffer that lies in the chip's window. */
  public static final String WINDOW = "window";

  /** Enough for every type and for signal words. */
  public static final int DEFAULT_ALIGNMENT = 8;

  /**
   * Checks the values, but not the placement, which bootstrap checks.
   *
   * @throws IllegalArgumentException if the name is blank, the count is less than 1, the alignment
   *     is no power of two, or the size overflows
   */
  public ChipBufferSpec {
    requireNonNull(type, "type");
    requireNonNull(placement, "placement");
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a buffer must not be blank");
    }
    if (count < 1) {
      throw new IllegalArgumentException(
          "buffer \"" + name + "\" needs at least 1 element, but has " + count);
    }
    if (count > Long.MAX_VALUE / type.bytes()) {
      throw new IllegalArgumentException(
          "buffer \"" + name + "\": " + count + " elements of " + type + " overflow");
    }
    if (Integer.bitCount(alignment) != 1 || alignment < 0) {
      throw new IllegalArgumentException(
          "buffer \"" + name + "\": alignment must be a power of two, but is " + alignment);
    }
  }

  /**
   * A buffer in the window, with the default alignment, that nothing is staged for.
   *
   * @param name its name
   * @param type what its elements are
   * @param count number of elements, at least 1
   * @return the spec
   * @throws IllegalArgumentException as the constructor
   */
  public static ChipBufferSpec of(String name, DataType type, long count) {
    return new ChipBufferSpec(name, type, count, DEFAULT_ALIGNMENT, WINDOW, false, false);
  }

  /**
   * The same, filled from the host input of the same name.
   *
   * @return a copy
   */
  public ChipBufferSpec loadedFromHost() {
    return new ChipBufferSpec(name, type, count, alignment, placement, true, storeToHost);
  }

  /**
   * The same, copied to the host output of the same name after each task that succeeded.
   *
   * @return a copy
   */
  public ChipBufferSpec storedToHost() {
    return new ChipBufferSpec(name, type, count, alignment, placement, loadFromHost, true);
  }

  /**
   * The same with another alignment.
   *
   * @param bytes a power of two
   * @return a copy
   * @throws IllegalArgumentException if it is none
   */
  public ChipBufferSpec withAlignment(int bytes) {
    return new ChipBufferSpec(name, type, count, bytes, placement, loadFromHost, storeToHost);
  }

  /**
   * The size.
   *
   * @return bytes, at least 1
   */
  public long bytes() {
    return count * type.bytes();
  }
}

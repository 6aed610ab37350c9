package comm.backend.hccl.cann;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One member of a C structure. Byte arrays stand for structures; both hosts that CANN runs on
 * (x86-64 and AArch64) are little-endian.
 *
 * @param struct name of the structure
 * @param name name of the member, or of a member of a nested structure as {@code outer.inner}
 * @param offset of its first byte
 * @param size in bytes
 */
record Field(String struct, String name, int offset, int size) {

  private int as(int bytes, int index) {
    if (size % bytes != 0 || (index + 1) * bytes > size) {
      throw new IllegalArgumentException(
          struct + "." + name + " has " + size + " bytes: no element " + index + " of " + bytes);
    }
    return offset + index * bytes;
  }

  private static ByteBuffer buffer(byte[] structure) {
    return ByteBuffer.wrap(structure).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte getByte(byte[] structure) {
    return structure[as(1, 0)];
  }

  void putByte(byte[] structure, int value) {
    structure[as(1, 0)] = (byte) value;
  }

  void putShort(byte[] structure, int value) {
    buffer(structure).putShort(as(Short.BYTES, 0), (short) value);
  }

  int getInt(byte[] structure) {
    return buffer(structure).getInt(as(Integer.BYTES, 0));
  }

  void putInt(byte[] structure, int value) {
    putInt(structure, 0, value);
  }

  /** Writes one element of an array of int. */
  void putInt(byte[] structure, int index, int value) {
    buffer(structure).putInt(as(Integer.BYTES, index), value);
  }

  long getLong(byte[] structure) {
    return getLong(structure, 0);
  }

  /** Reads one element of an array of long. */
  long getLong(byte[] structure, int index) {
    return buffer(structure).getLong(as(Long.BYTES, index));
  }

  void putLong(byte[] structure, long value) {
    putLong(structure, 0, value);
  }

  /** Writes one element of an array of long. */
  void putLong(byte[] structure, int index, long value) {
    buffer(structure).putLong(as(Long.BYTES, index), value);
  }

  /** Reads a text that ends with its first zero byte, or with the field. */
  String getText(byte[] structure) {
    return CText.text(Arrays.copyOfRange(structure, offset, offset + size));
  }

  /**
   * Writes a text and zeros after it.
   *
   * @throws IllegalArgumentException if it is longer than the field less one byte
   */
  void putText(byte[] structure, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= size) {
      throw new IllegalArgumentException(
          struct + "." + name + " has room for " + (size - 1) + " bytes, not for " + value);
    }
    Arrays.fill(structure, offset, offset + size, (byte) 0);
    System.arraycopy(bytes, 0, structure, offset, bytes.length);
  }
}

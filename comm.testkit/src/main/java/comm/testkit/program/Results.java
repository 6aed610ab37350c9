package comm.testkit.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Results of steps as bytes, and back. */
final class Results {

  private Results() {}

  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] of(long value) {
    byte[] bytes = new byte[Long.BYTES];
    littleEndian(bytes).putLong(value);
    return bytes;
  }

  static byte[] of(boolean value) {
    return new byte[] {(byte) (value ? 1 : 0)};
  }

  static long longOf(byte[] result) {
    return littleEndian(result).getLong();
  }
}

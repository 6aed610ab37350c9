package comm.backend.hccl.rendezvous;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * The frame of every file here: a magic word, the body, a checksum. What was cut, torn or changed,
 * or was never ours, is refused whole.
 */
final class Bytes {

  /** "PTO_HCCL", by which the ported system's files begin too. */
  private static final long MAGIC = 0x50544f5f4843434cL;

  private static final int FRAME = Long.BYTES + Integer.BYTES + Integer.BYTES;
  private static final int LONGEST_TEXT = 4096;
  private static final int LONGEST_NAME = 128;

  /** No file of ours is longer. */
  static final int MOST = 1 << 20;

  private Bytes() {}

  /** A body in its frame. */
  static byte[] frame(int version, byte[] body) {
    ByteBuffer out = little(ByteBuffer.allocate(FRAME + body.length));
    out.putLong(MAGIC).putInt(version).put(body);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * What the reader makes of the body; empty unless the frame is whole and the body makes sense.
   */
  static <T> Optional<T> read(int version, byte[] framed, Function<ByteBuffer, T> reader) {
    int body = framed.length - FRAME;
    if (body < 0) {
      return Optional.empty();
    }
    ByteBuffer in = little(ByteBuffer.wrap(framed));
    if (in.getLong() != MAGIC
        || in.getInt() != version
        || in.getInt(framed.length - Integer.BYTES)
            != checksum(framed, framed.length - Integer.BYTES)) {
      return Optional.empty();
    }
    in.limit(framed.length - Integer.BYTES);
    try {
      T value = reader.apply(in);
      return in.hasRemaining() ? Optional.empty() : Optional.of(value);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a file begins as one of ours does. */
  static boolean isOurs(byte[] framed) {
    return framed.length >= Long.BYTES && little(ByteBuffer.wrap(framed)).getLong() == MAGIC;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A body made by a writer, in a buffer that is surely large enough. */
  static byte[] body(int most, Consumer<ByteBuffer> writer) {
    ByteBuffer out = little(ByteBuffer.allocate(most));
    writer.accept(out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The beginning of a name, as many characters as fit into a record. */
  static String name(String text) {
    int end = 0;
    int bytes = 0;
    while (end < text.length()) {
      int next = text.offsetByCodePoints(end, 1);
      bytes += text.substring(end, next).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST_NAME) {
        return text.substring(0, end);
      }
      end = next;
    }
    return text;
  }

  static void putText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, LONGEST_TEXT);
    if (out.remaining() < length + Integer.BYTES) {
      throw new BufferOverflowException();
    }
    out.putInt(length).put(bytes, 0, length);
  }

  static String getText(ByteBuffer in) {
    return new String(getBytes(in, LONGEST_TEXT), StandardCharsets.UTF_8);
  }

  static void putBytes(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
  }

  static byte[] getBytes(ByteBuffer in, int most) {
    int length = in.getInt();
    if (length < 0 || length > most || length > in.remaining()) {
      throw new IllegalArgumentException("length " + length);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}

package comm.testkit.program;

import comm.api.Window;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A step of one rank on one window. It knows what it does to plain bytes, which is what it means,
 * and how it is done to a window. A result is bytes: what was read, a long as its 8 little-endian
 * bytes, a truth as one byte, or nothing.
 */
public sealed interface Access extends Step
    permits Access.Put, Access.Get, Atomic, Signalling, Await {

  /** What a step without a result returns. */
  byte[] NOTHING = {};

  /**
   * Who accesses what.
   *
   * @return the place
   */
  Place place();

  /**
   * How many bytes are accessed.
   *
   * @return 8 for all but puts and gets
   */
  default int length() {
    return Long.BYTES;
  }

  /**
   * The same step elsewhere.
   *
   * @param place where
   * @return the step
   */
  Access at(Place place);

  /**
   * What the step means.
   *
   * @param memory the bytes of the window, little-endian
   * @return the result
   */
  byte[] apply(ByteBuffer memory);

  /**
   * Does the step to a real window. Blocks only if it is an await.
   *
   * @param window of the rank that the place says
   * @return the result
   */
  byte[] perform(Window window);

  /**
   * What the rank did, in words that "window" can follow.
   *
   * @return such as {@code added 3 to}
   */
  String deed();

  /**
   * A result in words.
   *
   * @param result of this step
   * @return for people
   */
  default String show(byte[] result) {
    return Long.toString(Results.longOf(result));
  }

  /**
   * Writes bytes that count up from a value. Done by {@code putByte}, {@code putInt} or {@code
   * putLong} where the length fits, else by {@code put}.
   *
   * @param place where
   * @param length number of bytes
   * @param first the first byte; the others count up from it and begin again after 251 of them, so
   *     that a page in the wrong place shows
   */
  record Put(Place place, int length, int first) implements Access {

    /**
     * What is written.
     *
     * @return the bytes
     */
    public byte[] data() {
      byte[] data = new byte[length];
      for (int i = 0; i < length; i++) {
        data[i] = (byte) (first + i % 251);
      }
      return data;
    }

    @Override
    public Put at(Place other) {
      return new Put(other, length, first);
    }

    @Override
    public byte[] apply(ByteBuffer memory) {
      memory.put(place.index(), data());
      return NOTHING;
    }

    @Override
    public byte[] perform(Window window) {
      byte[] bytes = data();
      ByteBuffer data = Results.littleEndian(bytes);
      switch (length) {
        case Byte.BYTES -> window.putByte(place.offset(), data.get(0));
        case Integer.BYTES -> window.putInt(place.offset(), data.getInt(0));
        case Long.BYTES -> window.putLong(place.offset(), data.getLong(0));
        default -> window.put(place.offset(), bytes);
      }
      return NOTHING;
    }

    @Override
    public String deed() {
      return "put into";
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "put(" + place + ", " + length + ", " + first + ")";
    }
  }

  /**
   * Reads bytes. Done by {@code getByte}, {@code getInt} or {@code getLong} where the length fits,
   * else by {@code get}.
   *
   * @param place where
   * @param length number of bytes
   */
  record Get(Place place, int length) implements Access {

    @Override
    public Get at(Place other) {
      return new Get(other, length);
    }

    @Override
    public byte[] apply(ByteBuffer memory) {
      byte[] result = new byte[length];
      memory.get(place.index(), result);
      return result;
    }

    @Override
    public byte[] perform(Window window) {
      byte[] bytes = new byte[length];
      ByteBuffer result = Results.littleEndian(bytes);
      switch (length) {
        case Byte.BYTES -> result.put(window.getByte(place.offset()));
        case Integer.BYTES -> result.putInt(window.getInt(place.offset()));
        case Long.BYTES -> result.putLong(window.getLong(place.offset()));
        default -> window.get(place.offset(), bytes);
      }
      return bytes;
    }

    @Override
    public String deed() {
      return "got";
    }

    @Override
    public String show(byte[] result) {
      return HexFormat.ofDelimiter(" ").formatHex(result);
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "get(" + place + ", " + length + ")";
    }
  }
}

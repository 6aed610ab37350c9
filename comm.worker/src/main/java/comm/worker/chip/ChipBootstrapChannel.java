package comm.worker.chip;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Says once how the bootstrap of a chip ended, from the chip's process to the one that launched it,
 * through memory that both share. Its layout is that of the ported system, little-endian:
 *
 * <pre>
 *   offset  type       field
 *        0  i32        state: 0 idle, 1 success, 2 error
 *        4  i32        error code
 *        8  i32        number of buffers
 *       16  u64        device context
 *       24  u64        local window base
 *       32  u64        actual window size
 *       64  u64[≤376]  buffer addresses
 *     3072  1024 B     error message, UTF-8, ended by a zero byte
 * </pre>
 *
 * <p>One side writes and the other reads. The state is written last, with release, and read first,
 * with acquire: who sees it sees the rest. What is read is taken for what it may be: garbage.
 */
public final class ChipBootstrapChannel {

  /** Bytes of a channel. */
  public static final int BYTES = 4096;

  /** Most buffers that a channel has room for. */
  public static final int MAX_BUFFERS = 376;

  /** Longest error message, in bytes. */
  public static final int MAX_MESSAGE_BYTES = 1023;

  private static final int STATE = 0;
  private static final int ERROR_CODE = 4;
  private static final int BUFFER_COUNT = 8;
  private static final int DEVICE_CONTEXT = 16;
  private static final int WINDOW_BASE = 24;
  private static final int WINDOW_SIZE = 32;
  private static final int BUFFERS = 64;
  private static final int MESSAGE = BYTES - MAX_MESSAGE_BYTES - 1;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer memory;
  private final int maxBuffers;

  /** How a bootstrap stands. */
  public enum State {
    /** Not ended yet. */
    IDLE(0),
    /** Ended well. */
    SUCCESS(1),
    /** Failed. */
    ERROR(2);

    private final int number;

    State(int number) {
      this.number = number;
    }
  }

  /**
   * A channel in shared memory.
   *
   * @param memory {@value #BYTES} bytes, direct, the first at a multiple of 8; both sides have it
   * @param maxBuffers most buffers that this side writes or reads, 0 to {@value #MAX_BUFFERS}
   * @throws IllegalArgumentException if the memory has another size or alignment, or isn't direct,
   *     or the number is out of its range
   */
  public ChipBootstrapChannel(ByteBuffer memory, int maxBuffers) {
    requireNonNull(memory, "memory");
    if (memory.capacity() != BYTES || !memory.isDirect() || memory.alignmentOffset(0, 8) != 0) {
      throw new IllegalArgumentException(
          "a bootstrap channel needs " + BYTES + " bytes of direct memory, at a multiple of 8");
    }
    if (maxBuffers < 0 || maxBuffers > MAX_BUFFERS) {
      throw new IllegalArgumentException(
          "a bootstrap channel has room for 0 to " + MAX_BUFFERS + " buffers, not " + maxBuffers);
    }
    this.memory = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.maxBuffers = maxBuffers;
  }

  /** Makes the channel as it was before anything was written. */
  public void reset() {
    memory.put(0, new byte[BYTES]);
    INT.setRelease(memory, STATE, State.IDLE.number);
  }

  /**
   * Says that the bootstrap ended well.
   *
   * @param result what the chip has
   * @throws IllegalArgumentException if there are more buffers than this side may write
   */
  public void writeSuccess(ChipBootstrapResult result) {
    List<Long> buffers = result.bufferAddresses();
    if (buffers.size() > maxBuffers) {
      throw new IllegalArgumentException(
          buffers.size() + " buffers, but this channel has room for " + maxBuffers);
    }
    memory.putInt(ERROR_CODE, 0);
    memory.putInt(BUFFER_COUNT, buffers.size());
    memory.putLong(DEVICE_CONTEXT, result.deviceContext());
    memory.putLong(WINDOW_BASE, result.localWindowBase());
    memory.putLong(WINDOW_SIZE, result.actualWindowSize());
    for (int i = 0; i < buffers.size(); i++) {
      memory.putLong(BUFFERS + i * Long.BYTES, buffers.get(i));
    }
    INT.setRelease(memory, STATE, State.SUCCESS.number);
  }

  /**
   * Says that the bootstrap failed.
   *
   * @param code not 0
   * @param message cut off behind {@value #MAX_MESSAGE_BYTES} bytes, between characters
   */
  public void writeError(int code, String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_MESSAGE_BYTES);
    while (length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
      length--;
    }
    memory.putInt(ERROR_CODE, code);
    memory.put(MESSAGE, bytes, 0, length);
    memory.put(MESSAGE + length, (byte) 0);
    INT.setRelease(memory, STATE, State.ERROR.number);
  }

  /**
   * How the bootstrap stands. An acquire.
   *
   * @return the state; one that isn't known is an error
   */
  public State state() {
    int state = (int) INT.getAcquire(memory, STATE);
    return state == State.IDLE.number
        ? State.IDLE
        : state == State.SUCCESS.number ? State.SUCCESS : State.ERROR;
  }

  /**
   * What the chip has.
   *
   * @return as the other side wrote it, with no more buffers than this side may read
   */
  public ChipBootstrapResult result() {
    int count = Math.max(0, Math.min(memory.getInt(BUFFER_COUNT), maxBuffers));
    List<Long> buffers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      buffers.add(memory.getLong(BUFFERS + i * Long.BYTES));
    }
    return new ChipBootstrapResult(
        memory.getLong(DEVICE_CONTEXT),
        memory.getLong(WINDOW_BASE),
        memory.getLong(WINDOW_SIZE),
        buffers);
  }

  /**
   * Why the bootstrap failed.
   *
   * @return the code, 0 if it didn't
   */
  public int errorCode() {
    return memory.getInt(ERROR_CODE);
  }

  /**
   * Why the bootstrap failed, in words.
   *
   * @return the message, empty if there is none
   */
  public String errorMessage() {
    byte[] bytes = new byte[MAX_MESSAGE_BYTES];
    memory.get(MESSAGE, bytes);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}

package comm.worker.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The arguments of a task: 64-bit scalars, which are numbers or addresses of device memory. Passed
 * raw, so an address arrives as it was sent. Immutable.
 *
 * <p>Encoded, as the ported system has it: i32 number of tensors (always 0 here), i32 number of
 * scalars, then the scalars, little-endian.
 */
public final class TaskArgs {

  /** Most scalars that a task can have; the mailbox of a chip has room for no more. */
  public static final int MAX_SCALARS = 400;

  private static final int HEADER = 8;
  private static final TaskArgs NONE = new TaskArgs(new long[0]);

  private final long[] scalars;

  private TaskArgs(long[] scalars) {
    this.scalars = scalars;
  }

  /**
   * Arguments.
   *
   * @param scalars at most {@value #MAX_SCALARS}
   * @return the arguments
   * @throws IllegalArgumentException if there are more
   */
  public static TaskArgs of(long... scalars) {
    if (scalars.length > MAX_SCALARS) {
      throw new IllegalArgumentException(
          "a task has at most " + MAX_SCALARS + " scalars, but here are " + scalars.length);
    }
    return scalars.length == 0 ? NONE : new TaskArgs(scalars.clone());
  }

  /**
   * No arguments.
   *
   * @return the arguments
   */
  public static TaskArgs none() {
    return NONE;
  }

  /**
   * The number of scalars.
   *
   * @return 0 to {@value #MAX_SCALARS}
   */
  public int size() {
    return scalars.length;
  }

  /**
   * A scalar.
   *
   * @param index 0 ≤ index &lt; size
   * @return its value
   * @throws IndexOutOfBoundsException if there is no such scalar
   */
  public long scalar(int index) {
    if (index < 0 || index >= scalars.length) {
      throw new IndexOutOfBoundsException(
          "argument " + index + " was asked for, but there are " + scalars.length);
    }
    return scalars[index];
  }

  /**
   * The length of the encoded form.
   *
   * @return bytes
   */
  public int encodedLength() {
    return HEADER + scalars.length * Long.BYTES;
  }

  /**
   * Writes the encoded form.
   *
   * @param target written from its position on, which moves; at least {@link #encodedLength} bytes
   */
  public void encode(ByteBuffer target) {
    ByteBuffer out = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0).putInt(scalars.length);
    for (long scalar : scalars) {
      out.putLong(scalar);
    }
    target.position(out.position());
  }

  /**
   * Reads the encoded form.
   *
   * @param source read from its position on, which moves
   * @return the arguments
   * @throws IllegalArgumentException if it has tensors, or more scalars than fit
   */
  public static TaskArgs decode(ByteBuffer source) {
    ByteBuffer in = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < HEADER) {
      throw new IllegalArgumentException("arguments have " + in.remaining() + " bytes only");
    }
    int tensors = in.getInt();
    int count = in.getInt();
    if (tensors != 0) {
      throw new IllegalArgumentException(tensors + " tensors among the arguments; none are known");
    }
    if (count < 0 || count > MAX_SCALARS || count > in.remaining() / Long.BYTES) {
      throw new IllegalArgumentException(
          count + " scalars can't be in " + in.remaining() + " bytes of arguments");
    }
    long[] scalars = new long[count];
    in.asLongBuffer().get(scalars);
    source.position(source.position() + HEADER + count * Long.BYTES);
    return count == 0 ? NONE : new TaskArgs(scalars);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskArgs that && Arrays.equals(scalars, that.scalars);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(scalars);
  }

  /** {@return the scalars} */
  @Override
  public String toString() {
    return Arrays.toString(scalars);
  }
}

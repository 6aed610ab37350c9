package comm.api.spi;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * A window that is mapped into this process: bytes, typed values, atomics and views, of any size.
 * Nothing here allocates, locks or calls the system, but for {@link #view}.
 *
 * <p>The memory is reached through direct buffers of 1 GiB each, with 8 bytes of overlap so that no
 * single value straddles two of them. A buffer checks its own bounds, so that even an offset that
 * nobody checked ends in an exception or, if it is absurdly large, at another byte of the window,
 * but not in a crash.
 */
public final class HostMemory implements WindowMemory {

  /** Where the bytes come from. */
  public interface Mapping {

    /**
     * A part of the window for use by {@link HostMemory} alone. The address must stay mapped while
     * the buffer is reachable; what is found there after the windows were closed doesn't matter.
     *
     * @param offset first byte
     * @param length bytes
     * @return a direct buffer
     */
    ByteBuffer map(long offset, int length);

    /**
     * A part of the window for a caller to keep. The memory must stay as it is while the buffer is
     * reachable, even after the windows were closed.
     *
     * @param offset first byte
     * @param length bytes
     * @return a direct buffer
     */
    ByteBuffer share(long offset, int length);
  }

  private static final int SHIFT = 30;
  private static final long SEGMENT = 1L << SHIFT;
  private static final long MASK = SEGMENT - 1;
  private static final int OVERLAP = 8;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Mapping mapping;
  private final ByteBuffer[] bytes;
  private final IntBuffer[] ints;
  private final LongBuffer[] longs;
  private final FloatBuffer[] floats;
  private final DoubleBuffer[] doubles;

  /**
   * Maps a window.
   *
   * @param size bytes of the window, at least 1
   * @param mapping where its bytes come from; the first one must be 8-byte aligned
   */
  public HostMemory(long size, Mapping mapping) {
    this.mapping = requireNonNull(mapping, "mapping");
    int segments = Math.toIntExact((size + MASK) >>> SHIFT);
    bytes = new ByteBuffer[segments];
    ints = new IntBuffer[segments];
    longs = new LongBuffer[segments];
    floats = new FloatBuffer[segments];
    doubles = new DoubleBuffer[segments];
    for (int i = 0; i < segments; i++) {
      long start = (long) i << SHIFT;
      int length = (int) Math.min(SEGMENT + OVERLAP, size - start);
      ByteBuffer segment = mapping.map(start, length).order(ByteOrder.LITTLE_ENDIAN);
      bytes[i] = segment;
      ints[i] = segment.asIntBuffer();
      longs[i] = segment.asLongBuffer();
      floats[i] = segment.asFloatBuffer();
      doubles[i] = segment.asDoubleBuffer();
    }
  }

  private ByteBuffer segment(long offset) {
    return bytes[(int) (offset >>> SHIFT)];
  }

  private static int index(long offset) {
    return (int) (offset & MASK);
  }

  /**
   * Elements of a run of {@code count} that start in the segment of the offset. A run of none must
   * not come here: at the end of the last segment there is no segment to ask.
   */
  private static int head(long offset, int count, int shift) {
    long here = (SEGMENT - index(offset) + (1 << shift) - 1) >>> shift;
    return (int) Math.min(here, count);
  }

  @Override
  public void get(long offset, ByteBuffer target) {
    long at = offset;
    while (target.hasRemaining()) {
      int run = head(at, target.remaining(), 0);
      target.put(target.position(), segment(at), index(at), run);
      target.position(target.position() + run);
      at += run;
    }
  }

  @Override
  public void put(long offset, ByteBuffer source) {
    long at = offset;
    while (source.hasRemaining()) {
      int run = head(at, source.remaining(), 0);
      segment(at).put(index(at), source, source.position(), run);
      source.position(source.position() + run);
      at += run;
    }
  }

  @Override
  public ByteBuffer view(long offset, int length) {
    return mapping.share(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void get(long offset, byte[] target, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 0);
    segment(offset).get(index(offset), target, from, run);
    if (run < count) {
      get(offset + run, target, from + run, count - run);
    }
  }

  @Override
  public void put(long offset, byte[] source, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 0);
    segment(offset).put(index(offset), source, from, run);
    if (run < count) {
      put(offset + run, source, from + run, count - run);
    }
  }

  @Override
  public void get(long offset, int[] target, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 2);
    int at = index(offset);
    if ((at & 3) == 0) {
      ints[(int) (offset >>> SHIFT)].get(at >>> 2, target, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        target[from + i] = segment.getInt(at + (i << 2));
      }
    }
    if (run < count) {
      get(offset + ((long) run << 2), target, from + run, count - run);
    }
  }

  @Override
  public void put(long offset, int[] source, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 2);
    int at = index(offset);
    if ((at & 3) == 0) {
      ints[(int) (offset >>> SHIFT)].put(at >>> 2, source, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        segment.putInt(at + (i << 2), source[from + i]);
      }
    }
    if (run < count) {
      put(offset + ((long) run << 2), source, from + run, count - run);
    }
  }

  @Override
  public void get(long offset, long[] target, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 3);
    int at = index(offset);
    if ((at & 7) == 0) {
      longs[(int) (offset >>> SHIFT)].get(at >>> 3, target, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        target[from + i] = segment.getLong(at + (i << 3));
      }
    }
    if (run < count) {
      get(offset + ((long) run << 3), target, from + run, count - run);
    }
  }

  @Override
  public void put(long offset, long[] source, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 3);
    int at = index(offset);
    if ((at & 7) == 0) {
      longs[(int) (offset >>> SHIFT)].put(at >>> 3, source, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        segment.putLong(at + (i << 3), source[from + i]);
      }
    }
    if (run < count) {
      put(offset + ((long) run << 3), source, from + run, count - run);
    }
  }

  @Override
  public void get(long offset, float[] target, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 2);
    int at = index(offset);
    if ((at & 3) == 0) {
      floats[(int) (offset >>> SHIFT)].get(at >>> 2, target, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        target[from + i] = segment.getFloat(at + (i << 2));
      }
    }
    if (run < count) {
      get(offset + ((long) run << 2), target, from + run, count - run);
    }
  }

  @Override
  public void put(long offset, float[] source, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 2);
    int at = index(offset);
    if ((at & 3) == 0) {
      floats[(int) (offset >>> SHIFT)].put(at >>> 2, source, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        segment.putFloat(at + (i << 2), source[from + i]);
      }
    }
    if (run < count) {
      put(offset + ((long) run << 2), source, from + run, count - run);
    }
  }

  @Override
  public void get(long offset, double[] target, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 3);
    int at = index(offset);
    if ((at & 7) == 0) {
      doubles[(int) (offset >>> SHIFT)].get(at >>> 3, target, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        target[from + i] = segment.getDouble(at + (i << 3));
      }
    }
    if (run < count) {
      get(offset + ((long) run << 3), target, from + run, count - run);
    }
  }

  @Override
  public void put(long offset, double[] source, int from, int count) {
    if (count == 0) {
      return;
    }
    int run = head(offset, count, 3);
    int at = index(offset);
    if ((at & 7) == 0) {
      doubles[(int) (offset >>> SHIFT)].put(at >>> 3, source, from, run);
    } else {
      ByteBuffer segment = segment(offset);
      for (int i = 0; i < run; i++) {
        segment.putDouble(at + (i << 3), source[from + i]);
      }
    }
    if (run < count) {
      put(offset + ((long) run << 3), source, from + run, count - run);
    }
  }

  @Override
  public byte getByte(long offset) {
    return segment(offset).get(index(offset));
  }

  @Override
  public void putByte(long offset, byte value) {
    segment(offset).put(index(offset), value);
  }

  @Override
  public int getInt(long offset) {
    return segment(offset).getInt(index(offset));
  }

  @Override
  public void putInt(long offset, int value) {
    segment(offset).putInt(index(offset), value);
  }

  @Override
  public long getLong(long offset) {
    return segment(offset).getLong(index(offset));
  }

  @Override
  public void putLong(long offset, long value) {
    segment(offset).putLong(index(offset), value);
  }

  @Override
  public float getFloat(long offset) {
    return segment(offset).getFloat(index(offset));
  }

  @Override
  public void putFloat(long offset, float value) {
    segment(offset).putFloat(index(offset), value);
  }

  @Override
  public double getDouble(long offset) {
    return segment(offset).getDouble(index(offset));
  }

  @Override
  public void putDouble(long offset, double value) {
    segment(offset).putDouble(index(offset), value);
  }

  @Override
  public int getIntAcquire(long offset) {
    return (int) INT.getAcquire(segment(offset), index(offset));
  }

  @Override
  public void putIntRelease(long offset, int value) {
    INT.setRelease(segment(offset), index(offset), value);
  }

  @Override
  public int getAndAddInt(long offset, int delta) {
    return (int) INT.getAndAdd(segment(offset), index(offset), delta);
  }

  @Override
  public int getAndSetInt(long offset, int value) {
    return (int) INT.getAndSet(segment(offset), index(offset), value);
  }

  @Override
  public boolean compareAndSetInt(long offset, int expected, int value) {
    return INT.compareAndSet(segment(offset), index(offset), expected, value);
  }

  @Override
  public long getLongAcquire(long offset) {
    return (long) LONG.getAcquire(segment(offset), index(offset));
  }

  @Override
  public void putLongRelease(long offset, long value) {
    LONG.setRelease(segment(offset), index(offset), value);
  }

  @Override
  public long getAndAddLong(long offset, long delta) {
    return (long) LONG.getAndAdd(segment(offset), index(offset), delta);
  }

  @Override
  public long getAndSetLong(long offset, long value) {
    return (long) LONG.getAndSet(segment(offset), index(offset), value);
  }

  @Override
  public boolean compareAndSetLong(long offset, long expected, long value) {
    return LONG.compareAndSet(segment(offset), index(offset), expected, value);
  }
}

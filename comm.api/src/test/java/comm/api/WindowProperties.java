package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import comm.api.spi.WindowMemory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Whatever offset a caller gives, an access stays within the window or is refused. */
class WindowProperties {

  private static final int MOST = 40;

  /** Fails the test when an access outside of the window gets through; holds nothing. */
  private record Guard(long size) implements WindowMemory {

    private void check(long offset, long length) {
      if (!isInside(offset, length, size)) {
        throw new AssertionError(length + " bytes at " + offset + " of " + size + " got through");
      }
    }

    @Override
    public void get(long offset, ByteBuffer target) {
      check(offset, target.remaining());
      target.position(target.limit());
    }

    @Override
    public void put(long offset, ByteBuffer source) {
      check(offset, source.remaining());
      source.position(source.limit());
    }
  }

  private static boolean isInside(long offset, long length, long size) {
    return offset >= 0
        && length >= 0
        && BigInteger.valueOf(offset)
                .add(BigInteger.valueOf(length))
                .compareTo(BigInteger.valueOf(size))
            <= 0;
  }

  /** One way to reach the window. */
  private enum Access {
    GET_BUFFER(1, (w, o, n) -> w.get(o, ByteBuffer.allocate(n))),
    PUT_BUFFER(1, (w, o, n) -> w.put(o, ByteBuffer.allocate(n))),
    GET_BYTES(1, (w, o, n) -> w.get(o, new byte[n])),
    PUT_BYTES(1, (w, o, n) -> w.put(o, new byte[n])),
    GET_INTS(4, (w, o, n) -> w.get(o, new int[n])),
    PUT_INTS(4, (w, o, n) -> w.put(o, new int[n])),
    GET_LONGS(8, (w, o, n) -> w.get(o, new long[n])),
    PUT_LONGS(8, (w, o, n) -> w.put(o, new long[n])),
    GET_FLOATS(4, (w, o, n) -> w.get(o, new float[n])),
    PUT_FLOATS(4, (w, o, n) -> w.put(o, new float[n])),
    GET_DOUBLES(8, (w, o, n) -> w.get(o, new double[n])),
    PUT_DOUBLES(8, (w, o, n) -> w.put(o, new double[n])),
    GET_BYTE(1, (w, o) -> w.getByte(o)),
    PUT_BYTE(1, (w, o) -> w.putByte(o, (byte) 1)),
    GET_INT(4, (w, o) -> w.getInt(o)),
    PUT_INT(4, (w, o) -> w.putInt(o, 1)),
    GET_LONG(8, (w, o) -> w.getLong(o)),
    PUT_LONG(8, (w, o) -> w.putLong(o, 1)),
    GET_FLOAT(4, (w, o) -> w.getFloat(o)),
    PUT_FLOAT(4, (w, o) -> w.putFloat(o, 1)),
    GET_DOUBLE(8, (w, o) -> w.getDouble(o)),
    PUT_DOUBLE(8, (w, o) -> w.putDouble(o, 1)),
    SIGNAL(true, 8, (w, o) -> w.signal(o, 1)),
    SIGNAL_ADD(true, 8, (w, o) -> w.signalAdd(o, 1)),
    AWAIT(true, 8, (w, o) -> w.await(o, Comparison.EQ, 0)),
    // The rest needs memory of this process, which the guard isn't.
    GET_INT_ACQUIRE(true, 4, (w, o) -> w.getIntAcquire(o)),
    PUT_INT_RELEASE(true, 4, (w, o) -> w.putIntRelease(o, 1)),
    GET_AND_ADD_INT(true, 4, (w, o) -> w.getAndAddInt(o, 1)),
    GET_AND_SET_INT(true, 4, (w, o) -> w.getAndSetInt(o, 1)),
    COMPARE_AND_SET_INT(true, 4, (w, o) -> w.compareAndSetInt(o, 0, 1)),
    GET_LONG_ACQUIRE(true, 8, (w, o) -> w.getLongAcquire(o)),
    PUT_LONG_RELEASE(true, 8, (w, o) -> w.putLongRelease(o, 1)),
    GET_AND_ADD_LONG(true, 8, (w, o) -> w.getAndAddLong(o, 1)),
    GET_AND_SET_LONG(true, 8, (w, o) -> w.getAndSetLong(o, 1)),
    COMPARE_AND_SET_LONG(true, 8, (w, o) -> w.compareAndSetLong(o, 0, 1)),
    VIEW(1, (w, o, n) -> w.view(o, n));

    private interface Many {
      void reach(Window window, long offset, int count);
    }

    private interface One {
      void reach(Window window, long offset);
    }

    private final boolean aligned;
    private final boolean single;
    private final int width;

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Many access;

    Access(int width, Many access) {
      this(false, false, width, access);
    }

    Access(int width, One access) {
      this(false, true, width, (window, offset, count) -> access.reach(window, offset));
    }

    Access(boolean aligned, int width, One access) {
      this(aligned, true, width, (window, offset, count) -> access.reach(window, offset));
    }

    Access(boolean aligned, boolean single, int width, Many access) {
      this.aligned = aligned;
      this.single = single;
      this.width = width;
      this.access = access;
    }

    boolean needsHostMemory() {
      return compareTo(GET_INT_ACQUIRE) >= 0;
    }
  }

  @Property(tries = 5000)
  void an_access_is_inside_the_window_or_refused(
      @ForAll Access access,
      @ForAll("sizes") long size,
      @ForAll("offsets") long offset,
      @ForAll("counts") int count) {
    Window window = FakeWindows.window(size, new Guard(size));
    // An offset seen from the end as well, so that the last bytes are tried for every size.
    for (long at : new long[] {offset, size - offset, size - offset - access.width}) {
      long length = access.single ? access.width : (long) count * access.width;

      Throwable thrown = thrown(() -> access.access.reach(window, at, count));

      @Nullable Class<?> expected;
      if (!isInside(at, length, size)) {
        expected = IndexOutOfBoundsException.class;
      } else if (access.aligned && at % access.width != 0) {
        expected = IllegalArgumentException.class;
      } else {
        expected = access.needsHostMemory() ? UnsupportedOperationException.class : null;
      }
      assertEquals(
          expected,
          thrown == null ? null : thrown.getClass(),
          () -> access + " of " + length + " bytes at " + at + " of " + size + ": " + thrown);
    }
  }

  @Property
  void a_view_of_any_length_is_inside_the_window_or_refused(
      @ForAll("sizes") long size, @ForAll("offsets") long offset, @ForAll int length) {
    Window window = FakeWindows.window(size, new Guard(size));

    Class<? extends RuntimeException> expected =
        isInside(offset, length, size)
            ? UnsupportedOperationException.class
            : IndexOutOfBoundsException.class;
    assertThrows(expected, () -> window.view(offset, length));
  }

  @Property(tries = 3000)
  void a_part_of_an_array_is_inside_both_or_refused(
      @ForAll("sizes") long size,
      @ForAll("offsets") long offset,
      @ForAll("parts") int from,
      @ForAll("parts") int count) {
    Window window = FakeWindows.window(size, new Guard(size));
    for (Part part :
        List.<Part>of(
            new Part(1, () -> window.get(offset, new byte[MOST], from, count)),
            new Part(1, () -> window.put(offset, new byte[MOST], from, count)),
            new Part(4, () -> window.get(offset, new int[MOST], from, count)),
            new Part(4, () -> window.put(offset, new int[MOST], from, count)),
            new Part(8, () -> window.get(offset, new long[MOST], from, count)),
            new Part(8, () -> window.put(offset, new long[MOST], from, count)),
            new Part(4, () -> window.get(offset, new float[MOST], from, count)),
            new Part(4, () -> window.put(offset, new float[MOST], from, count)),
            new Part(8, () -> window.get(offset, new double[MOST], from, count)),
            new Part(8, () -> window.put(offset, new double[MOST], from, count)))) {
      boolean valid =
          isInside(from, count, MOST) && isInside(offset, (long) count * part.width(), size);

      Throwable thrown = thrown(part.access());

      assertEquals(
          valid ? null : IndexOutOfBoundsException.class,
          thrown == null ? null : thrown.getClass(),
          () -> "width " + part.width() + ": " + thrown);
    }
  }

  private record Part(int width, Runnable access) {}

  private static @Nullable Throwable thrown(Runnable access) {
    try {
      access.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  @Provide
  Arbitrary<Long> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(1, 200),
        Arbitraries.of(1L << 30, (1L << 31) + 5, Long.MAX_VALUE - 7, Long.MAX_VALUE));
  }

  @Provide
  Arbitrary<Long> offsets() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-20, 220),
        Arbitraries.longs(),
        Arbitraries.of(Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE - 7, Long.MAX_VALUE));
  }

  @Provide
  Arbitrary<Integer> counts() {
    return Arbitraries.integers().between(0, MOST);
  }

  @Provide
  Arbitrary<Integer> parts() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(-2, MOST + 2),
        Arbitraries.of(Integer.MIN_VALUE, Integer.MAX_VALUE));
  }
}

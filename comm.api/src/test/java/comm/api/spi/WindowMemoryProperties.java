package comm.api.spi;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Memory against a model of plain bytes: mapped memory of more than 2 GiB around the borders of its
 * segments, and memory that can only move bytes, through the defaults of {@link WindowMemory}.
 */
class WindowMemoryProperties {

  private static final long GIB = 1L << 30;
  private static final long BIG = 2 * GIB + 4096 + 5;
  private static final long SMALL = 4096 + 5;
  private static final int REACH = 400;
  private static final int MOST = 20;

  private static @Nullable Path file;
  private static @Nullable HostMemory big;

  /** A sparse file: only the pages that are touched take room. */
  @BeforeContainer
  static void map() throws IOException {
    Path path = Files.createTempFile("window", ".bin");
    file = path;
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), BIG - 1);
      big = new HostMemory(BIG, mapping(channel));
    }
  }

  @AfterContainer
  static void remove() throws IOException {
    big = null;
    if (file != null) {
      Files.delete(file);
    }
  }

  private static HostMemory.Mapping mapping(FileChannel channel) {
    return new HostMemory.Mapping() {
      @Override
      public ByteBuffer map(long offset, int length) {
        try {
          return channel.map(FileChannel.MapMode.READ_WRITE, offset, length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public ByteBuffer share(long offset, int length) {
        return map(offset, length);
      }
    };
  }

  /** Memory that can only move bytes, as that of a device. */
  private static final class Remote implements WindowMemory {
    private final byte[] bytes = new byte[(int) SMALL];

    @Override
    public void get(long offset, ByteBuffer target) {
      target.put(bytes, Math.toIntExact(offset), target.remaining());
    }

    @Override
    public void put(long offset, ByteBuffer source) {
      source.get(bytes, Math.toIntExact(offset), source.remaining());
    }
  }

  private enum Type {
    BYTE(1),
    INT(4),
    LONG(8),
    FLOAT(4),
    DOUBLE(8);

    private final int width;

    Type(int width) {
      this.width = width;
    }
  }

  /** How values cross: one, a part of an array, or a buffer. */
  private enum Way {
    SCALAR,
    ARRAY,
    HEAP_BUFFER,
    DIRECT_BUFFER
  }

  /** One write, and what is read after it. */
  private record Step(
      Type type, Way way, Type readType, Way readWay, int border, int delta, int count, long seed) {
    int writeCount() {
      return way == Way.SCALAR ? 1 : count;
    }

    int readCount() {
      return readWay == Way.SCALAR ? 1 : count;
    }
  }

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.of(Type.class),
            Arbitraries.of(Way.class),
            Arbitraries.of(Type.class),
            Arbitraries.of(Way.class),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(-MOST * 8, 40),
            Arbitraries.integers().between(0, MOST),
            Arbitraries.longs())
        .as(Step::new);
  }

  @Property(tries = 2000)
  void mapped_memory_of_more_than_2_gib_is_plain_bytes(
      @ForAll @Size(min = 1, max = 6) List<@From("steps") Step> steps) {
    HostMemory memory = requireNonNull(big);
    long[] borders = {0, GIB, 2 * GIB, BIG};
    for (long border : borders) {
      long start = Math.max(0, border - REACH);
      memory.put(start, ByteBuffer.allocate((int) (Math.min(BIG, border + REACH) - start)));
    }
    check(memory, BIG, borders, steps);
  }

  @Property(tries = 1000)
  void memory_that_can_only_move_bytes_gives_the_same_values(
      @ForAll @Size(min = 1, max = 6) List<@From("steps") Step> steps) {
    check(new Remote(), SMALL, new long[] {0, 1024, 2048, SMALL}, steps);
  }

  private static void check(WindowMemory memory, long size, long[] borders, List<Step> steps) {
    MemoryModel model = new MemoryModel();
    for (Step step : steps) {
      Random random = new Random(step.seed());
      byte[] written = new byte[step.writeCount() * step.type().width];
      random.nextBytes(written);
      long at = place(borders[step.border()] + step.delta(), written.length, size);

      write(memory, at, written, step.type(), step.way(), random.nextInt(3));
      model.put(at, written);

      int length = step.readCount() * step.readType().width;
      long from = place(borders[step.border()] + step.delta(), length, size);
      assertArrayEquals(
          model.get(from, length),
          read(memory, from, step.readCount(), step.readType(), step.readWay(), random.nextInt(3)),
          () -> "read at " + from + " after " + step);
    }
    // And nothing else was touched.
    for (long border : borders) {
      long start = Math.max(0, border - REACH);
      int length = (int) (Math.min(size, border + REACH) - start);
      byte[] all = new byte[length];
      memory.get(start, ByteBuffer.wrap(all));
      assertArrayEquals(model.get(start, length), all, () -> "around " + border);
    }
  }

  private static long place(long offset, int length, long size) {
    return Math.max(0, Math.min(offset, size - length));
  }

  private static void write(
      WindowMemory memory, long at, byte[] bytes, Type type, Way way, int before) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = bytes.length / type.width;
    if (way == Way.SCALAR) {
      switch (type) {
        case BYTE -> memory.putByte(at, in.get());
        case INT -> memory.putInt(at, in.getInt());
        case LONG -> memory.putLong(at, in.getLong());
        case FLOAT -> memory.putFloat(at, in.getFloat());
        case DOUBLE -> memory.putDouble(at, in.getDouble());
      }
    } else if (way == Way.ARRAY) {
      int length = before + count + 1;
      switch (type) {
        case BYTE -> {
          byte[] array = new byte[length];
          in.get(array, before, count);
          memory.put(at, array, before, count);
        }
        case INT -> {
          int[] array = new int[length];
          in.asIntBuffer().get(array, before, count);
          memory.put(at, array, before, count);
        }
        case LONG -> {
          long[] array = new long[length];
          in.asLongBuffer().get(array, before, count);
          memory.put(at, array, before, count);
        }
        case FLOAT -> {
          float[] array = new float[length];
          in.asFloatBuffer().get(array, before, count);
          memory.put(at, array, before, count);
        }
        case DOUBLE -> {
          double[] array = new double[length];
          in.asDoubleBuffer().get(array, before, count);
          memory.put(at, array, before, count);
        }
      }
    } else {
      ByteBuffer buffer = buffer(way, before, bytes.length);
      buffer.put(bytes).position(before);
      memory.put(at, buffer);
      assertEquals(buffer.limit(), buffer.position());
    }
  }

  /** Reads values and gives their bytes; what lies around them in an array must stay as it was. */
  private static byte[] read(
      WindowMemory memory, long at, int count, Type type, Way way, int before) {
    ByteBuffer out = ByteBuffer.allocate(count * type.width).order(ByteOrder.LITTLE_ENDIAN);
    if (way == Way.SCALAR) {
      switch (type) {
        case BYTE -> out.put(memory.getByte(at));
        case INT -> out.putInt(memory.getInt(at));
        case LONG -> out.putLong(memory.getLong(at));
        case FLOAT -> out.putFloat(memory.getFloat(at));
        case DOUBLE -> out.putDouble(memory.getDouble(at));
      }
    } else if (way == Way.ARRAY) {
      int length = before + count + 1;
      switch (type) {
        case BYTE -> {
          byte[] array = new byte[length];
          Arrays.fill(array, (byte) 7);
          memory.get(at, array, before, count);
          out.put(array, before, count);
          Arrays.fill(array, before, before + count, (byte) 7);
          assertArrayEquals(filled(new byte[length], (byte) 7), array);
        }
        case INT -> {
          int[] array = new int[length];
          Arrays.fill(array, 7);
          memory.get(at, array, before, count);
          out.asIntBuffer().put(array, before, count);
          assertEquals(before + 1L, others(Arrays.stream(array).asLongStream(), before, count));
        }
        case LONG -> {
          long[] array = new long[length];
          Arrays.fill(array, 7);
          memory.get(at, array, before, count);
          out.asLongBuffer().put(array, before, count);
          assertEquals(before + 1L, others(Arrays.stream(array), before, count));
        }
        case FLOAT -> {
          float[] array = new float[length];
          Arrays.fill(array, 7);
          memory.get(at, array, before, count);
          out.asFloatBuffer().put(array, before, count);
          assertEquals(7, array[length - 1]);
          assertEquals(7, before == 0 ? 7 : array[before - 1]);
        }
        case DOUBLE -> {
          double[] array = new double[length];
          Arrays.fill(array, 7);
          memory.get(at, array, before, count);
          out.asDoubleBuffer().put(array, before, count);
          assertEquals(7, array[length - 1]);
          assertEquals(7, before == 0 ? 7 : array[before - 1]);
        }
      }
    } else {
      ByteBuffer buffer = buffer(way, before, count * type.width);
      memory.get(at, buffer);
      assertEquals(buffer.limit(), buffer.position());
      buffer.position(before).get(out.array());
    }
    return out.array();
  }

  private static byte[] filled(byte[] array, byte value) {
    Arrays.fill(array, value);
    return array;
  }

  /** How many elements outside of the part still have the value that was there before. */
  private static long others(LongStream array, int before, int count) {
    long[] all = array.toArray();
    long same = 0;
    for (int i = 0; i < all.length; i++) {
      if ((i < before || i >= before + count) && all[i] == 7) {
        same++;
      }
    }
    return same;
  }

  private static ByteBuffer buffer(Way way, int before, int length) {
    ByteBuffer buffer =
        way == Way.DIRECT_BUFFER
            ? ByteBuffer.allocateDirect(before + length + 1)
            : ByteBuffer.allocate(before + length + 1);
    return buffer.position(before).limit(before + length);
  }

  /** One atomic step. */
  private record Atomic(int kind, int border, int slot, long operand, boolean expected) {}

  @Provide
  Arbitrary<Atomic> atomics() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(-4, 4),
            Arbitraries.longs(),
            Arbitraries.of(true, false))
        .as(Atomic::new);
  }

  @Property
  void atomics_at_the_borders_of_segments_are_those_of_the_model(
      @ForAll @Size(min = 1, max = 12) List<@From("atomics") Atomic> steps) {
    HostMemory memory = requireNonNull(big);
    MemoryModel model = new MemoryModel();
    long[] borders = {64, GIB, 2 * GIB};
    for (long border : borders) {
      memory.put(border - 64, new byte[128], 0, 128);
    }
    for (Atomic step : steps) {
      boolean isInt = step.kind() < 5;
      int width = isInt ? 4 : 8;
      long at = borders[step.border()] + (long) step.slot() * width;
      byte[] bytes = model.get(at, width);
      ByteBuffer word = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long before = isInt ? word.getInt(0) : word.getLong(0);
      long operand = isInt ? (int) step.operand() : step.operand();
      long expected = step.expected() ? before : before + 1;
      long after =
          switch (step.kind() % 5) {
            case 0 -> before;
            case 1, 3 -> operand;
            case 2 -> before + operand;
            default -> step.expected() ? operand : before;
          };

      switch (step.kind()) {
        case 0 -> assertEquals(before, memory.getIntAcquire(at));
        case 1 -> memory.putIntRelease(at, (int) operand);
        case 2 -> assertEquals(before, memory.getAndAddInt(at, (int) operand));
        case 3 -> assertEquals(before, memory.getAndSetInt(at, (int) operand));
        case 4 ->
            assertEquals(
                step.expected(), memory.compareAndSetInt(at, (int) expected, (int) operand));
        case 5 -> assertEquals(before, memory.getLongAcquire(at));
        case 6 -> memory.putLongRelease(at, operand);
        case 7 -> assertEquals(before, memory.getAndAddLong(at, operand));
        case 8 -> assertEquals(before, memory.getAndSetLong(at, operand));
        default -> assertEquals(step.expected(), memory.compareAndSetLong(at, expected, operand));
      }

      if (isInt) {
        word.putInt(0, (int) after);
      } else {
        word.putLong(0, after);
      }
      model.put(at, bytes);
      byte[] around = new byte[128];
      memory.get(borders[step.border()] - 64, around, 0, 128);
      assertArrayEquals(model.get(borders[step.border()] - 64, 128), around);
    }
  }
}

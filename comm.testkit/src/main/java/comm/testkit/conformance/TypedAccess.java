package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.spi.BackendFailure;
import comm.api.spi.WindowMemory;
import comm.testkit.TestRank;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** One typed access, and what bytes it must read or write. Arrays have some elements around. */
record TypedAccess(String name, int width, int count, Move put, Move get) {

  private static final List<TypedAccess> ALL =
      List.of(
          new TypedAccess(
              "byte",
              1,
              1,
              (m, at, b) -> m.putByte(at, b.get()),
              (m, at, b) -> b.put(m.getByte(at))),
          new TypedAccess(
              "int",
              4,
              1,
              (m, at, b) -> m.putInt(at, b.getInt()),
              (m, at, b) -> b.putInt(m.getInt(at))),
          new TypedAccess(
              "long",
              8,
              1,
              (m, at, b) -> m.putLong(at, b.getLong()),
              (m, at, b) -> b.putLong(m.getLong(at))),
          new TypedAccess(
              "float",
              4,
              1,
              (m, at, b) -> m.putFloat(at, b.getFloat()),
              (m, at, b) -> b.putFloat(m.getFloat(at))),
          new TypedAccess(
              "double",
              8,
              1,
              (m, at, b) -> m.putDouble(at, b.getDouble()),
              (m, at, b) -> b.putDouble(m.getDouble(at))),
          new TypedAccess(
              "ints",
              4,
              5,
              (m, at, b) -> {
                int[] all = new int[9];
                b.asIntBuffer().get(all, 2, 5);
                m.put(at, all, 2, 5);
              },
              (m, at, b) -> {
                int[] all = new int[9];
                m.get(at, all, 2, 5);
                b.asIntBuffer().put(all, 2, 5);
                untouched(all[0], all[1], all[7], all[8]);
              }),
          new TypedAccess(
              "longs",
              8,
              5,
              (m, at, b) -> {
                long[] all = new long[9];
                b.asLongBuffer().get(all, 2, 5);
                m.put(at, all, 2, 5);
              },
              (m, at, b) -> {
                long[] all = new long[9];
                m.get(at, all, 2, 5);
                b.asLongBuffer().put(all, 2, 5);
                untouched(all[0], all[1], all[7], all[8]);
              }),
          new TypedAccess(
              "floats",
              4,
              5,
              (m, at, b) -> {
                float[] all = new float[9];
                b.asFloatBuffer().get(all, 2, 5);
                m.put(at, all, 2, 5);
              },
              (m, at, b) -> {
                float[] all = new float[9];
                m.get(at, all, 2, 5);
                b.asFloatBuffer().put(all, 2, 5);
                untouched(all[0], all[1], all[7], all[8]);
              }),
          new TypedAccess(
              "doubles",
              8,
              5,
              (m, at, b) -> {
                double[] all = new double[9];
                b.asDoubleBuffer().get(all, 2, 5);
                m.put(at, all, 2, 5);
              },
              (m, at, b) -> {
                double[] all = new double[9];
                m.get(at, all, 2, 5);
                b.asDoubleBuffer().put(all, 2, 5);
                untouched(all[0], all[1], all[7], all[8]);
              }));

  private static final long[] OFFSETS = {0, 1, 7, 8, 4092, 4095, 4096, 4097};
  private static final int BYTES = 8192;

  /** Between a window and the little-endian bytes of the values. */
  @FunctionalInterface
  interface Move {
    void run(WindowMemory memory, long offset, ByteBuffer bytes);
  }

  private static void untouched(Number... around) {
    for (Number element : around) {
      assertEquals(0.0, element.doubleValue(), "an element around the target of get");
    }
  }

  /** Bytes that are no NaN, since those needn't keep their bits. */
  private byte[] values(long seed) {
    byte[] bytes = Allocated.pattern(seed, width * count);
    if (name.startsWith("float") || name.startsWith("double")) {
      for (int last = width - 1; last < bytes.length; last += width) {
        // The highest bit of the exponent.
        bytes[last] &= (byte) 0xBF;
      }
    }
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rank 0 and rank 1 write values and read bytes of each other, and the other way round. */
  static void seesTheSameBytes(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 2L * BYTES)) {
      int own = rank.rank();
      int other = 1 - own;
      for (TypedAccess access : ALL) {
        for (long offset : OFFSETS) {
          String how = access.name + " written";
          byte[] bytes = access.values(offset);
          access.put.run(windows.of(other), offset, littleEndian(bytes));
          windows.put(other, BYTES + offset, bytes);
          joined.barrier();
          windows.expect(own, offset, bytes, how + " by rank " + other + ", read as bytes");
          byte[] found = new byte[bytes.length];
          access.get.run(windows.of(own), BYTES + offset, littleEndian(found));
          windows.expect(
              own,
              BYTES + offset,
              bytes,
              found,
              "bytes put by rank " + other + ", read as " + access.name);
          joined.barrier();
        }
      }
    }
  }
}

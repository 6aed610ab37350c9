package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.spi.BackendFailure;
import comm.api.spi.WindowMemory;
import comm.testkit.TestRank;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What ranks do to find whether bytes get where they are put, and nowhere else. */
final class WindowBytes {

  private static final int BYTES = 150_001;
  private static final int[] LENGTHS = {1, 3, 8, 4096, 70_001};

  /** Negative ones count from the end, back by the length. */
  private static final int[] OFFSETS = {0, 1, 7, 4095, 4096, 4097, -1};

  private static final int AROUND = 16;

  private WindowBytes() {}

  /** How bytes are handed to a window. */
  private record By(String name, boolean array, boolean direct) {

    private static final List<By> ALL =
        List.of(
            new By("an array", true, false),
            new By("a heap buffer", false, false),
            new By("a direct buffer", false, true));
    private static final int LEAD = 5;

    private ByteBuffer buffer(int length) {
      int capacity = length + 2 * LEAD;
      ByteBuffer buffer =
          direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
      return buffer.position(LEAD).limit(LEAD + length);
    }

    void put(WindowMemory memory, long offset, byte[] data) {
      if (array) {
        byte[] wider = new byte[data.length + 2 * LEAD];
        System.arraycopy(data, 0, wider, LEAD, data.length);
        memory.put(offset, wider, LEAD, data.length);
        return;
      }
      ByteBuffer buffer = buffer(data.length);
      buffer.duplicate().put(data);
      memory.put(offset, buffer);
      assertEquals(buffer.limit(), buffer.position(), name + ": position after put");
    }

    byte[] get(WindowMemory memory, long offset, int length) {
      if (array) {
        byte[] wider = new byte[length + 2 * LEAD];
        memory.get(offset, wider, LEAD, length);
        for (int i = 0; i < LEAD; i++) {
          assertEquals(0, wider[i], "element " + i + " before the target of get");
          assertEquals(0, wider[LEAD + length + i], "element " + i + " behind the target of get");
        }
        return Arrays.copyOfRange(wider, LEAD, LEAD + length);
      }
      ByteBuffer buffer = buffer(length);
      memory.get(offset, buffer);
      assertEquals(LEAD + length, buffer.limit(), name + ": limit after get");
      assertEquals(buffer.limit(), buffer.position(), name + ": position after get");
      byte[] found = new byte[length];
      buffer.position(LEAD).get(found);
      return found;
    }
  }

  private record Put(
      int writer, int owner, int offset, int length, long seed, By by, String words) {

    byte[] data() {
      return Allocated.pattern(seed, length);
    }

    private static Put of(int round, int writer, int ranks) {
      int number = round + 11 * writer;
      int length = LENGTHS[number % LENGTHS.length];
      int from = OFFSETS[number % OFFSETS.length];
      int offset = from < 0 ? BYTES - length : from;
      long seed = 100L * round + writer;
      By by = By.ALL.get(round / (LENGTHS.length * OFFSETS.length));
      String words =
          "after rank "
              + writer
              + " put "
              + length
              + " bytes at "
              + offset
              + " from "
              + by.name
              + ", seed "
              + seed;
      return new Put(writer, (writer + round) % ranks, offset, length, seed, by, words);
    }
  }

  /** Every rank puts into some window, then all ranks look at it and around it. */
  static void getWhatWasPut(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, BYTES)) {
      byte[][] model = new byte[rank.size()][BYTES];
      int rounds = LENGTHS.length * OFFSETS.length * By.ALL.size();
      for (int round = 0; round < rounds; round++) {
        List<Put> puts = new ArrayList<>();
        for (int writer = 0; writer < rank.size(); writer++) {
          Put put = Put.of(round, writer, rank.size());
          puts.add(put);
          System.arraycopy(put.data(), 0, model[put.owner], put.offset, put.length);
        }
        Put own = puts.get(rank.rank());
        own.by.put(windows.of(own.owner), own.offset, own.data());
        joined.barrier();
        By by = By.ALL.get(round % By.ALL.size());
        for (Put put : puts) {
          int from = Math.max(0, put.offset - AROUND);
          int to = Math.min(BYTES, put.offset + put.length + AROUND);
          windows.expect(
              put.owner,
              from,
              Arrays.copyOfRange(model[put.owner], from, to),
              by.get(windows.of(put.owner), from, to - from),
              put.words + ", read into " + by.name);
        }
        joined.barrier();
      }
      for (int owner = 0; owner < rank.size(); owner++) {
        windows.expect(owner, 0, model[owner], "after all puts");
      }
    }
  }

  /** Every rank puts at the very end, of size() and not of what was asked for. */
  static void getTheLastBytes(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank);
        Allocated windows = Allocated.of(rank, joined, 5003)) {
      long size = windows.windows().size();
      for (int length : new int[] {1, 3, 8}) {
        int to = (rank.rank() + 1) % rank.size();
        windows.put(to, size - length, Allocated.pattern(10L * to + length, length));
        joined.barrier();
        for (int owner = 0; owner < rank.size(); owner++) {
          windows.expect(
              owner,
              size - length,
              Allocated.pattern(10L * owner + length, length),
              "the last " + length + " bytes of " + size);
        }
        joined.barrier();
      }
    }
  }

  /** Fills all windows of three allocations, first by their owners, then by others. */
  static void nothingOverlaps(TestRank rank) throws BackendFailure {
    int[] sizes = {1, 4104, 70_000};
    try (Joined joined = Joined.open(rank);
        Allocated small = Allocated.of(rank, joined, sizes[0]);
        Allocated middle = Allocated.of(rank, joined, sizes[1]);
        Allocated large = Allocated.of(rank, joined, sizes[2])) {
      List<Allocated> all = List.of(small, middle, large);
      for (int shift = 0; shift < rank.size(); shift++) {
        int to = (rank.rank() + shift) % rank.size();
        for (int i = 0; i < sizes.length; i++) {
          all.get(i).put(to, 0, Allocated.pattern(seed(shift, i, to), sizes[i]));
        }
        joined.barrier();
        for (int i = 0; i < sizes.length; i++) {
          for (int owner = 0; owner < rank.size(); owner++) {
            all.get(i)
                .expect(
                    owner,
                    0,
                    Allocated.pattern(seed(shift, i, owner), sizes[i]),
                    "in allocation " + i + " of " + sizes[i] + " bytes, after all were filled");
          }
        }
        joined.barrier();
      }
    }
  }

  private static long seed(int shift, int allocation, int owner) {
    return 100L * shift + 10L * allocation + owner;
  }
}

package comm.api.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostMemoryTest {

  private static final long GIB = 1L << 30;

  /** A part of the window that was asked for. */
  private record Asked(String how, long offset, int length) {}

  private static final class Direct implements HostMemory.Mapping {
    private final ByteBuffer all;
    private final List<Asked> asked = new ArrayList<>();

    Direct(int size) {
      all = ByteBuffer.allocateDirect(size);
    }

    @Override
    public ByteBuffer map(long offset, int length) {
      asked.add(new Asked("map", offset, length));
      return all.slice((int) offset, length);
    }

    @Override
    public ByteBuffer share(long offset, int length) {
      asked.add(new Asked("share", offset, length));
      return all.slice((int) offset, length);
    }
  }

  @Test
  void maps_a_small_window_once_and_shares_only_what_is_viewed() {
    Direct direct = new Direct(100);
    HostMemory memory = new HostMemory(100, direct);

    ByteBuffer view = memory.view(4, 10);
    view.putInt(0, 0x01020304);

    assertEquals(List.of(new Asked("map", 0, 100), new Asked("share", 4, 10)), direct.asked);
    assertEquals(ByteOrder.LITTLE_ENDIAN, view.order());
    assertEquals(0x01020304, memory.getInt(4));
    assertEquals(4, memory.getByte(4));
    memory.putByte(13, (byte) 9);
    assertEquals(9, view.get(9));
  }

  @Test
  void maps_a_large_window_in_segments_that_overlap_by_one_long(@TempDir Path directory)
      throws IOException {
    List<Asked> asked = new ArrayList<>();
    try (FileChannel channel = sparse(directory, 2 * GIB + 5)) {
      new HostMemory(
          2 * GIB + 5,
          new HostMemory.Mapping() {
            @Override
            public ByteBuffer map(long offset, int length) {
              asked.add(new Asked("map", offset, length));
              return HostMemoryTest.map(channel, offset, length);
            }

            @Override
            public ByteBuffer share(long offset, int length) {
              throw new AssertionError("nothing was viewed");
            }
          });
    }

    assertEquals(
        List.of(
            new Asked("map", 0, (1 << 30) + 8),
            new Asked("map", GIB, (1 << 30) + 5),
            new Asked("map", 2 * GIB, 5)),
        asked);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 8})
  void moves_nothing_at_the_very_end_of_a_window(long beyond, @TempDir Path directory)
      throws IOException {
    // A window that ends with its segment has no segment at its end.
    long size = GIB + beyond;
    try (FileChannel channel = sparse(directory, size)) {
      HostMemory memory =
          new HostMemory(
              size,
              new HostMemory.Mapping() {
                @Override
                public ByteBuffer map(long offset, int length) {
                  return HostMemoryTest.map(channel, offset, length);
                }

                @Override
                public ByteBuffer share(long offset, int length) {
                  return map(offset, length);
                }
              });

      memory.get(size, new byte[0], 0, 0);
      memory.put(size, new byte[0], 0, 0);
      memory.get(size, new int[0], 0, 0);
      memory.put(size, new int[0], 0, 0);
      memory.get(size, new long[0], 0, 0);
      memory.put(size, new long[0], 0, 0);
      memory.get(size, new float[0], 0, 0);
      memory.put(size, new float[0], 0, 0);
      memory.get(size, new double[0], 0, 0);
      memory.put(size, new double[0], 0, 0);
      memory.get(size, ByteBuffer.allocate(0));
      memory.put(size, ByteBuffer.allocate(0));
      memory.putLong(size - 8, 42);
      assertEquals(42, memory.getLongAcquire(size - 8));
    }
  }

  @Test
  void copies_a_run_that_covers_a_whole_border(@TempDir Path directory) throws IOException {
    try (FileChannel channel = sparse(directory, GIB + 4096)) {
      HostMemory memory =
          new HostMemory(
              GIB + 4096,
              new HostMemory.Mapping() {
                @Override
                public ByteBuffer map(long offset, int length) {
                  return HostMemoryTest.map(channel, offset, length);
                }

                @Override
                public ByteBuffer share(long offset, int length) {
                  return map(offset, length);
                }
              });
      long[] values = new long[500];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 0x0101010101010101L;
      }

      memory.put(GIB - 2003, values, 0, values.length);

      long[] back = new long[500];
      memory.get(GIB - 2003, back, 0, back.length);
      assertArrayEquals(values, back);
      ByteBuffer file = ByteBuffer.allocate(4000).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(file, GIB - 2003);
      assertEquals(values[250], file.getLong(2000));
      assertEquals(values[499], file.getLong(3992));
    }
  }

  @Test
  void even_an_unchecked_offset_ends_in_an_exception() {
    HostMemory memory = new HostMemory(100, new Direct(100));

    for (long offset : new long[] {-1, 93, 100, GIB, 2 * GIB, Long.MAX_VALUE}) {
      assertThrows(IndexOutOfBoundsException.class, () -> memory.getLong(offset));
      assertThrows(IndexOutOfBoundsException.class, () -> memory.putLong(offset, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> memory.get(offset, new byte[8], 0, 8));
    }
  }

  @Test
  @Timeout(60)
  void loses_no_step_of_two_threads() throws Exception {
    HostMemory memory = new HostMemory(64, new Direct(64));
    int steps = 20_000;
    CountDownLatch both = new CountDownLatch(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        runs.add(
            threads.submit(
                () -> {
                  both.countDown();
                  assertTrue(both.await(30, TimeUnit.SECONDS));
                  for (int i = 0; i < steps; i++) {
                    memory.getAndAddLong(8, 1);
                    memory.getAndAddInt(16, 1);
                    long seen;
                    do {
                      seen = memory.getLongAcquire(24);
                    } while (!memory.compareAndSetLong(24, seen, seen + 1));
                  }
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertEquals(2L * steps, memory.getLong(8));
    assertEquals(2 * steps, memory.getInt(16));
    assertEquals(2L * steps, memory.getLong(24));
  }

  @Test
  void memory_that_can_only_move_bytes_refuses_views_and_atomics() {
    WindowMemory remote =
        new WindowMemory() {
          @Override
          public void get(long offset, ByteBuffer target) {}

          @Override
          public void put(long offset, ByteBuffer source) {}
        };
    List<Runnable> refused =
        List.of(
            () -> remote.getIntAcquire(0),
            () -> remote.putIntRelease(0, 1),
            () -> remote.getAndAddInt(0, 1),
            () -> remote.getAndSetInt(0, 1),
            () -> remote.compareAndSetInt(0, 0, 1),
            () -> remote.getLongAcquire(0),
            () -> remote.putLongRelease(0, 1),
            () -> remote.getAndAddLong(0, 1),
            () -> remote.getAndSetLong(0, 1),
            () -> remote.compareAndSetLong(0, 0, 1));
    for (Runnable access : refused) {
      UnsupportedOperationException e =
          assertThrows(UnsupportedOperationException.class, access::run);
      assertEquals(
          "this window is not mapped into this process and has no atomics; use signals",
          e.getMessage());
    }
    UnsupportedOperationException e =
        assertThrows(UnsupportedOperationException.class, () -> remote.view(0, 8));
    assertEquals("this window is not mapped into this process; use get and put", e.getMessage());
  }

  private static FileChannel sparse(Path directory, long size) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("window.bin"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    channel.write(ByteBuffer.allocate(1), size - 1);
    return channel;
  }

  private static ByteBuffer map(FileChannel channel, long offset, int length) {
    try {
      return channel.map(FileChannel.MapMode.READ_WRITE, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Communicator;
import comm.api.Window;
import comm.api.WindowSet;
import comm.testkit.Leftovers;
import comm.testkit.RankThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of the sim backend, between ranks that are threads of one process. */
@Timeout(120)
class WindowsTest {

  private final Leftovers sharedMemory = Leftovers.ofSharedMemory();
  @TempDir private Path directory;

  @AfterEach
  void nothing_is_left() {
    sharedMemory.assertNone(Duration.ofSeconds(5));
  }

  private RankThreads ranks() {
    return new RankThreads("sim", directory);
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(longs = {1, 7, 4095, 4096, 4097, 65_535, 65_537, 1_000_003})
  void windows_of_any_size_are_zero_and_begin_at_a_page(long bytes) {
    ranks()
        .run(
            3,
            communicator -> {
              try (WindowSet windows = communicator.allocateWindows(bytes)) {
                assertEquals(bytes, windows.size());
                Window local = windows.local();
                assertEquals(0, local.address() % 4096);
                byte[] all = new byte[(int) bytes];
                local.get(0, all);
                for (byte b : all) {
                  assertEquals(0, b);
                }
                communicator.barrier();
                local.putByte(bytes - 1, (byte) (communicator.rank() + 1));
                communicator.barrier();
                for (int peer = 0; peer < 3; peer++) {
                  assertEquals(peer + 1, windows.of(peer).getByte(bytes - 1));
                }
                communicator.barrier();
              }
            });
  }

  @Test
  void a_window_may_be_larger_than_2_gib() {
    long bytes = (2L << 30) + 4096;
    ranks()
        .run(
            1,
            communicator -> {
              try (WindowSet windows = communicator.allocateWindows(bytes)) {
                Window local = windows.local();
                local.putLong(bytes - 8, 42);
                local.put((2L << 30) - 2, new byte[] {1, 2, 3, 4});
                assertEquals(42, local.getLong(bytes - 8));
                assertEquals(0x04030201, local.getInt((2L << 30) - 2));
              }
            });
  }

  @Test
  void ranks_of_one_process_see_every_window_at_the_same_address() {
    List<List<Long>> addresses = new ArrayList<>();
    ranks()
        .run(
            4,
            communicator -> {
              try (WindowSet windows = communicator.allocateWindows(100)) {
                synchronized (addresses) {
                  addresses.add(windows.context().windowsIn());
                }
                communicator.barrier();
              }
            });

    assertEquals(1, addresses.stream().distinct().count());
  }

  @Test
  void windows_refuse_use_after_close_and_a_view_stays_as_it_was() {
    ranks()
        .run(
            1,
            communicator -> {
              WindowSet windows = communicator.allocateWindows(64);
              Window local = windows.local();
              local.putLong(8, 77);
              ByteBuffer view = local.view(8, 8);
              windows.close();

              IllegalStateException refused =
                  assertThrows(IllegalStateException.class, () -> local.getLong(8));
              assertTrue(refused.getMessage().contains("are closed"), refused.getMessage());
              assertThrows(IllegalStateException.class, () -> local.view(0, 8));
              assertEquals(77, view.getLong(0));
              view.putLong(0, 78);
              assertEquals(78, view.getLong(0));
            });
  }

  @Test
  void a_reader_that_races_with_close_gets_a_value_or_an_error_and_never_a_crash()
      throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      ranks()
          .run(
              1,
              communicator -> {
                WindowSet windows = communicator.allocateWindows(1 << 20);
                Window local = windows.local();
                Thread reader =
                    new Thread(
                        () -> {
                          byte[] bytes = new byte[1 << 20];
                          while (true) {
                            try {
                              local.get(0, bytes);
                            } catch (IllegalStateException closed) {
                              return;
                            }
                          }
                        });
                reader.start();
                windows.close();
                reader.join();
              });
    }
  }

  @Test
  void many_allocations_live_at_once_and_give_their_memory_back() throws IOException {
    long before = Files.getFileStore(Path.of("/dev/shm")).getUsableSpace();
    ranks()
        .run(
            2,
            communicator -> {
              for (int round = 0; round < 20; round++) {
                try (WindowSet first = communicator.allocateWindows(16L << 20);
                    WindowSet second = communicator.allocateWindows(16L << 20)) {
                  first.local().putInt(0, 1);
                  assertEquals(0, second.local().getInt(0));
                  communicator.barrier();
                }
              }
            });
    long lost = before - Files.getFileStore(Path.of("/dev/shm")).getUsableSpace();

    assertTrue(lost < (64L << 20), () -> lost + " bytes of /dev/shm not given back");
  }

  @Test
  void closing_the_communicator_closes_its_windows() {
    ranks()
        .run(
            1,
            communicator -> {
              WindowSet windows = communicator.allocateWindows(64);
              communicator.close();
              assertThrows(IllegalStateException.class, () -> windows.local().getInt(0));
              assertThrows(IllegalStateException.class, communicator::barrier);
              communicator.close();
            });
    assertEquals(List.of(), Communicator.unclosed());
  }
}

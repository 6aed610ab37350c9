package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Comparison;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SignalOperation;
import comm.api.spi.WindowMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Communicators of a host runtime whose windows are reached by its copies only. */
class RuntimeDeviceMemoryTest {

  private static final Map<String, String> DEVICE = Map.of("memory", "device");

  private final NativeRuntime streams = NativeRuntime.of("streams");

  @TempDir private Path directory;

  @AfterEach
  void nothing_is_left() {
    streams.reset();
    assertEquals(0, streams.live());
  }

  private Path rootInfo() {
    return directory.resolve("root");
  }

  private static WindowMemory memory(BackendWindows windows, int rank) {
    return windows.memory(rank, (operation, failure) -> new IllegalStateException(failure));
  }

  @Test
  void ranks_reach_each_others_windows() throws Exception {
    RuntimeRanks.run(
        streams.runtime(),
        2,
        rootInfo(),
        DEVICE,
        (session, rank) -> {
          BackendWindows windows = session.allocateWindows(4096, RuntimeRanks.LIMIT);
          assertTrue(streams.live("streams") >= 1);
          int peer = 1 - rank;
          long[] sent = new long[512];
          sent[511] = 7L + rank;
          memory(windows, peer).put(0, sent, 0, 512);
          session.barrier(RuntimeRanks.LIMIT);
          assertEquals(peer + 7, memory(windows, rank).getLong(4088));
          session.barrier(RuntimeRanks.LIMIT);
          windows.signal(peer, 0, SignalOperation.SET, 5);
          assertEquals(5, windows.await(rank, 0, Comparison.EQ, 5, RuntimeRanks.LIMIT));
          assertThrows(
              UnsupportedOperationException.class,
              () -> windows.signal(peer, 0, SignalOperation.ADD, 1));
          assertThrows(UnsupportedOperationException.class, () -> memory(windows, rank).view(0, 8));
          assertThrows(
              UnsupportedOperationException.class, () -> memory(windows, rank).getLongAcquire(0));
          RuntimeRanks.fails(
              Failure.TimedOut.class,
              () ->
                  windows.await(
                      rank, 8, Comparison.EQ, 9, RuntimeRanks.limit(Duration.ofMillis(20))));
        });
  }

  @Test
  void a_failed_copy_is_told_by_the_memory_and_the_signal() throws Exception {
    RuntimeRanks.run(
        streams.runtime(),
        1,
        rootInfo(),
        DEVICE,
        (session, rank) -> {
          BackendWindows windows = session.allocateWindows(64, RuntimeRanks.LIMIT);
          streams.fail("copy_to_device_ctx=507018");
          assertThrows(IllegalStateException.class, () -> memory(windows, 0).putLong(0, 1));
          Failure.NativeCall failure =
              RuntimeRanks.fails(
                  Failure.NativeCall.class, () -> windows.signal(0, 0, SignalOperation.SET, 1));
          assertEquals("copy_to", failure.function());
          assertEquals(507018, failure.code());
        });
  }

  @Test
  void a_device_that_is_not_there_leaves_nothing() {
    for (String symbol :
        new String[] {"create_device_context", "set_device", "ensure_acl_ready_ctx"}) {
      streams.fail(symbol + "=-3");
      Failure.NativeCall failure =
          RuntimeRanks.fails(
              Failure.NativeCall.class,
              () -> RuntimeRanks.open(streams.runtime(), 0, 1, rootInfo(), DEVICE));
      assertTrue(symbol.startsWith(failure.function()), failure.function());
      assertEquals(0, streams.live());
    }
  }
}

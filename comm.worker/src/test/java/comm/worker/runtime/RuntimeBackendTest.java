package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.RankStatus;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.SignalOperation;
import comm.api.spi.WindowMemory;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Communicators of a host runtime whose windows are shared memory. */
class RuntimeBackendTest {

  private final NativeRuntime full = NativeRuntime.of("full");

  @TempDir private Path directory;

  @AfterEach
  void nothing_is_left() throws InterruptedException {
    full.reset();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (full.live() != 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(0, full.live());
    String own = "rt_" + hash(rootInfo().toString());
    String[] segments = new File("/dev/shm").list((where, name) -> name.startsWith(own));
    assertEquals(List.of(), segments == null ? List.of() : List.of(segments));
  }

  /** As the runtime names the shared memory of a root info. */
  private static String hash(String path) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return String.format("%016x", hash);
  }

  private Path rootInfo() {
    return directory.resolve("root");
  }

  private BackendSession alone() throws Exception {
    return RuntimeRanks.open(full.runtime(), 0, 1, rootInfo(), Map.of());
  }

  private static WindowMemory memory(BackendWindows windows, int rank) {
    return windows.memory(rank, (operation, failure) -> new IllegalStateException(failure));
  }

  @Test
  void ranks_reach_each_others_windows() throws Exception {
    RuntimeRanks.run(
        full.runtime(),
        3,
        rootInfo(),
        Map.of(),
        (session, rank) -> {
          BackendWindows windows = session.allocateWindows(4096, RuntimeRanks.LIMIT);
          assertEquals(4096, windows.size());
          assertEquals(0, memory(windows, rank).getLong(4088));
          memory(windows, rank).putLong(0, rank + 100);
          session.barrier(RuntimeRanks.LIMIT);
          for (int peer = 0; peer < 3; peer++) {
            assertEquals(peer + 100, memory(windows, peer).getLong(0));
          }
          session.barrier(RuntimeRanks.LIMIT);
          windows.close(RuntimeRanks.LIMIT);
        });
  }

  @Test
  void shows_the_context_that_kernels_read() throws Exception {
    BackendSession session = alone();
    BackendWindows windows = session.allocateWindows(64, RuntimeRanks.LIMIT);
    byte[] bytes = new byte[CommContext.BYTES];
    assertTrue(OwnMemory.read(windows.deviceContext(), bytes));
    assertEquals(CommContext.decode(bytes), windows.context());
    // the same bytes, at the address that kernels use
    memory(windows, 0).putLong(8, 77);
    byte[] word = new byte[16];
    assertTrue(OwnMemory.read(windows.context().windowsIn().get(0), word));
    assertEquals(77, word[8]);
    assertEquals("host", windows.attributes().get("memory"));
    session.close(RuntimeRanks.LIMIT);
  }

  @Test
  void signals_and_awaits() throws Exception {
    RuntimeRanks.run(
        full.runtime(),
        2,
        rootInfo(),
        Map.of(),
        (session, rank) -> {
          BackendWindows windows = session.allocateWindows(64, RuntimeRanks.LIMIT);
          int peer = 1 - rank;
          for (int round = 1; round <= 200; round++) {
            memory(windows, peer).putLong(32, round);
            windows.signal(peer, 0, SignalOperation.ADD, 1);
            windows.signal(peer, 8, SignalOperation.SET, round);
            assertEquals(round, windows.await(rank, 8, Comparison.GE, round, RuntimeRanks.LIMIT));
            assertEquals(round, memory(windows, rank).getLong(32));
            windows.await(rank, 0, Comparison.EQ, round, RuntimeRanks.LIMIT);
            session.barrier(RuntimeRanks.LIMIT);
          }
        });
  }

  @Test
  void views_outlive_the_communicator() throws Exception {
    BackendSession session = alone();
    BackendWindows windows = session.allocateWindows(64, RuntimeRanks.LIMIT);
    WindowMemory memory = memory(windows, 0);
    memory.putLong(8, 42);
    ByteBuffer view = memory.view(8, 8);
    session.close(RuntimeRanks.LIMIT);
    assertEquals(42, view.getLong(0));
    assertThrows(IllegalStateException.class, () -> memory.view(0, 8));
  }

  @Test
  void memory_that_is_used_too_late_harms_nobody() throws Exception {
    BackendSession session = alone();
    BackendWindows windows = session.allocateWindows(1 << 16, RuntimeRanks.LIMIT);
    WindowMemory memory = memory(windows, 0);
    memory.putLong(8, 42);
    session.close(RuntimeRanks.LIMIT);
    assertEquals(0, memory.getLong(8));
    memory.putLong(0, 1);
  }

  @Test
  void awaits_no_longer_than_its_limit_an_interrupt_or_a_cancel() throws Exception {
    BackendSession session = alone();
    BackendWindows windows = session.allocateWindows(64, RuntimeRanks.LIMIT);
    RuntimeRanks.fails(
        Failure.TimedOut.class,
        () -> windows.await(0, 0, Comparison.EQ, 1, RuntimeRanks.limit(Duration.ofMillis(30))));
    Thread.currentThread().interrupt();
    RuntimeRanks.fails(
        Failure.Interrupted.class, () -> windows.await(0, 0, Comparison.EQ, 1, RuntimeRanks.LIMIT));
    assertTrue(Thread.interrupted());
    session.cancel();
    RuntimeRanks.fails(
        Failure.Cancelled.class, () -> windows.await(0, 0, Comparison.EQ, 1, RuntimeRanks.LIMIT));
    session.close(RuntimeRanks.LIMIT);
  }

  @Test
  void tells_what_it_knows_of_the_ranks() throws Exception {
    BackendSession session = RuntimeRanks.open(full.runtime(), 1, 2, rootInfo(), Map.of());
    List<RankStatus> peers = session.peers();
    assertEquals(2, peers.size());
    assertEquals(OptionalLong.empty(), peers.get(0).pid());
    assertEquals("the host runtime does not say", peers.get(0).remark());
    assertEquals(OptionalLong.of(ProcessHandle.current().pid()), peers.get(1).pid());
    session.close(RuntimeRanks.LIMIT);
  }

  @Test
  void a_join_that_hangs_ends_at_its_limit() {
    full.set("collective_init", "1");
    full.set("wait_ms", "3000");
    SessionRequest request = RuntimeRanks.request(full.runtime(), 0, 2, rootInfo(), Map.of());
    SessionRequest hurried =
        new SessionRequest(
            0,
            2,
            rootInfo(),
            OptionalLong.empty(),
            request.properties(),
            RuntimeRanks.limit(Duration.ofMillis(300)));
    long start = System.nanoTime();
    Failure.TimedOut failure =
        RuntimeRanks.fails(Failure.TimedOut.class, () -> new RuntimeBackend().open(hurried));
    assertTrue(System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(2500));
    assertEquals(List.of(), failure.missing());
    assertTrue(failure.note().contains("comm_init"), failure.note());
    assertTrue(failure.note().contains("120 s"), failure.note());
  }

  @Test
  void a_call_that_hangs_ends_at_its_limit_and_leaves_later() throws Exception {
    full.set("wait_ms", "1500");
    BackendSession session = RuntimeRanks.open(full.runtime(), 0, 2, rootInfo(), Map.of());
    Failure.TimedOut failure =
        RuntimeRanks.fails(
            Failure.TimedOut.class,
            () -> session.allocateWindows(64, RuntimeRanks.limit(Duration.ofMillis(100))));
    assertTrue(failure.note().contains("comm_alloc_windows"), failure.note());
    Failure.TimedOut closing =
        RuntimeRanks.fails(
            Failure.TimedOut.class, () -> session.close(RuntimeRanks.limit(Duration.ofMillis(50))));
    assertTrue(closing.note().contains("comm_alloc_windows"), closing.note());
  }

  @Test
  void cancel_and_interrupt_end_the_wait_for_a_call() throws Exception {
    full.set("wait_ms", "1000");
    for (boolean interrupt : new boolean[] {true, false}) {
      BackendSession session = RuntimeRanks.open(full.runtime(), 0, 2, rootInfo(), Map.of());
      Map<String, Failure> failed = new ConcurrentHashMap<>();
      CountDownLatch began = new CountDownLatch(1);
      Thread caller =
          new Thread(
              () -> {
                began.countDown();
                failed.put(
                    "failure",
                    RuntimeRanks.fails(
                        Failure.class, () -> session.allocateWindows(64, RuntimeRanks.LIMIT)));
              });
      caller.start();
      assertTrue(began.await(10, TimeUnit.SECONDS));
      if (interrupt) {
        caller.interrupt();
      } else {
        session.cancel();
      }
      caller.join(10_000);
      assertEquals(
          interrupt ? new Failure.Interrupted() : new Failure.Cancelled(), failed.get("failure"));
      session.close(RuntimeRanks.LIMIT);
    }
  }

  @Test
  void a_failed_call_tells_its_code() throws Exception {
    full.fail("comm_init=-1");
    Failure.NativeCall init = RuntimeRanks.fails(Failure.NativeCall.class, this::alone);
    assertEquals("comm_init", init.function());
    assertTrue(init.message().contains("comm_init failed: rank 0 of 1"), init.message());
    full.fail("comm_alloc_windows=5");
    BackendSession first = alone();
    Failure.NativeCall allocate =
        RuntimeRanks.fails(
            Failure.NativeCall.class, () -> first.allocateWindows(64, RuntimeRanks.LIMIT));
    assertEquals(5, allocate.code());
    first.close(RuntimeRanks.LIMIT);
    full.fail("comm_barrier=507018,comm_destroy=3");
    BackendSession second = alone();
    BackendWindows windows = second.allocateWindows(64, RuntimeRanks.LIMIT);
    assertNotEquals(0, windows.deviceContext());
    assertEquals(
        507018,
        RuntimeRanks.fails(Failure.NativeCall.class, () -> second.barrier(RuntimeRanks.LIMIT))
            .code());
    Failure.NativeCall destroy =
        RuntimeRanks.fails(Failure.NativeCall.class, () -> second.close(RuntimeRanks.LIMIT));
    assertEquals("comm_destroy", destroy.function());
    assertEquals(3, destroy.code());
  }

  @Test
  void ranks_that_disagree_fail() throws Exception {
    RuntimeRanks.run(
        full.runtime(),
        2,
        rootInfo(),
        Map.of(),
        (session, rank) -> {
          Failure.NativeCall failure =
              RuntimeRanks.fails(
                  Failure.NativeCall.class,
                  () -> session.allocateWindows(4096L * (rank + 1), RuntimeRanks.LIMIT));
          assertEquals("comm_alloc_windows", failure.function());
          assertEquals(-1, failure.code());
        });
  }

  @Test
  void windows_of_odd_sizes_become_whole_pages() throws Exception {
    RuntimeRanks.run(
        full.runtime(),
        2,
        rootInfo(),
        Map.of(),
        (session, rank) -> {
          BackendWindows windows = session.allocateWindows(20, RuntimeRanks.LIMIT);
          assertEquals(4096, windows.size());
          assertEquals(0, windows.context().windowsIn().get(1) % 4096);
        });
  }

  @Test
  void says_what_a_runtime_lacks() {
    Failure.NativeCall lacks =
        RuntimeRanks.fails(
            Failure.NativeCall.class,
            () -> RuntimeRanks.open(NativeRuntime.named("no_comm"), 0, 1, rootInfo(), Map.of()));
    assertTrue(lacks.message().contains("dlsym failed for 'comm_init'"), lacks.message());
    assertTrue(lacks.message().contains("'comm_destroy'"), lacks.message());
    Failure.NativeCall stubs =
        RuntimeRanks.fails(
            Failure.NativeCall.class,
            () ->
                RuntimeRanks.open(
                    NativeRuntime.named("not_supported"), 0, 1, rootInfo(), Map.of()));
    assertEquals("comm_init", stubs.function());
    assertTrue(stubs.message().contains("without communicators"), stubs.message());
  }
}

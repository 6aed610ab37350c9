package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

/** What the facade asks of a backend, in which order, and what it keeps away from it. */
@Timeout(60)
class CommunicatorTest {

  private static final CommConfig CONFIG =
      CommConfig.of(0, 2, Path.of("/tmp/x.rootinfo")).withTimeout(Duration.ofSeconds(20));
  private static final WaitLimit LIMIT = new WaitLimit(Duration.ofSeconds(20), "CommConfig");
  private static final RankStatus DEAD =
      new RankStatus(1, RankStatus.State.DEAD, OptionalLong.of(7), "barrier", "");

  private final CommBackend backend = mock(CommBackend.class);
  private final BackendSession session = mock(BackendSession.class);
  private final BackendWindows windows = mock(BackendWindows.class);
  private final WindowMemory memory = mock(WindowMemory.class);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void prepare() throws Exception {
    when(backend.name()).thenReturn("toy");
    when(backend.open(any())).thenReturn(session);
    when(session.allocateWindows(anyLong(), any())).thenReturn(windows);
    when(windows.size()).thenReturn(64L);
    when(windows.memory(anyInt(), any())).thenReturn(memory);
  }

  @AfterEach
  void leave_nothing_behind() {
    threads.shutdownNow();
    assertEquals(List.of(), Communicator.unclosed());
  }

  private Communicator open() {
    return Communicator.open(CONFIG, backend);
  }

  private static BackendFailure failure(Failure failure) {
    return new BackendFailure(failure, Duration.ofMillis(5));
  }

  private static BackendFailure nativeFailure(String function) {
    return failure(new Failure.NativeCall(function, 5, "EIO", "", ""));
  }

  private static BackendFailure peerFailed() {
    return failure(new Failure.PeerFailed(DEAD));
  }

  // Order

  @Test
  void asks_the_backend_once_for_each_step_and_in_order() throws Exception {
    try (Communicator communicator = open();
        WindowSet set = communicator.allocateWindows(10)) {
      communicator.barrier();
      assertEquals(64, set.size());
    }

    InOrder order = inOrder(backend, session, windows);
    order.verify(backend).open(any());
    order.verify(session).allocateWindows(10, LIMIT);
    order.verify(session).barrier(LIMIT);
    order.verify(windows).close(LIMIT);
    order.verify(session).close(argThat(CommunicatorTest::isLeftOfLimit));
    verifyNoMoreInteractions(session);
    verify(backend, times(1)).open(any());
    verify(windows, times(1)).close(any());
  }

  @Test
  void an_access_that_fails_throws_in_words_and_breaks_the_communicator() throws Exception {
    ArgumentCaptor<AccessFailures> failures = ArgumentCaptor.forClass(AccessFailures.class);
    try (Communicator communicator = open();
        WindowSet set = communicator.allocateWindows(10)) {
      verify(windows, times(2)).memory(anyInt(), failures.capture());
      when(memory.getLong(8))
          .thenAnswer(
              call -> {
                throw failures.getValue().exception("get", nativeFailure("aclrtMemcpy"));
              });

      NativeCallException e = assertThrows(NativeCallException.class, () -> set.of(1).getLong(8));

      assertEquals("get on rank 0 of 2 (toy) failed: aclrtMemcpy gave 5 (EIO)", e.getMessage());
      assertSame(e, assertThrows(CommBrokenException.class, communicator::barrier).getCause());
    }
  }

  @Test
  void windows_say_how_they_came_about() throws Exception {
    when(windows.attributes()).thenReturn(Map.of("strategy", "fabric"));
    try (Communicator communicator = open();
        WindowSet set = communicator.allocateWindows(10)) {
      assertEquals(Map.of("strategy", "fabric"), set.attributes());
    }
  }

  /** All steps of closing share one limit. */
  private static boolean isLeftOfLimit(WaitLimit limit) {
    return limit.source().equals(LIMIT.source())
        && limit.duration().compareTo(LIMIT.duration()) <= 0;
  }

  @Test
  void a_defect_of_the_backend_in_a_collective_breaks_the_communicator() throws Exception {
    Communicator communicator = open();
    IllegalArgumentException defect = new IllegalArgumentException("a defect");
    doThrow(defect).when(session).barrier(any());

    assertEquals(defect, assertThrows(IllegalArgumentException.class, communicator::barrier));

    CommBrokenException broken = assertThrows(CommBrokenException.class, communicator::barrier);
    assertTrue(broken.firstCause().toString().contains("a defect"), broken::toString);
    verify(session, times(1)).barrier(any());
    communicator.close();
  }

  @Test
  void gives_the_backend_its_request_and_only_its_own_settings() throws Exception {
    CommConfig config =
        CommConfig.of(1, 2, Path.of("a/../b.rootinfo"))
            .withStream(9)
            .withTimeout(Duration.ofSeconds(3))
            .withProperty("toy.colour", "red")
            .withProperty("toyshop.colour", "blue")
            .withProperty("sim.spin", "0");
    when(backend.open(any())).thenReturn(session);

    Communicator.open(config, backend).close();

    ArgumentCaptor<SessionRequest> request = ArgumentCaptor.forClass(SessionRequest.class);
    verify(backend).open(request.capture());
    assertEquals(
        new SessionRequest(
            1,
            2,
            Path.of("b.rootinfo").toAbsolutePath(),
            OptionalLong.of(9),
            Map.of("colour", "red"),
            new WaitLimit(Duration.ofSeconds(3), "CommConfig")),
        request.getValue());
  }

  @Test
  void says_who_it_is() {
    try (Communicator communicator = open()) {
      assertEquals(0, communicator.rank());
      assertEquals(2, communicator.size());
      assertEquals("toy", communicator.backend());
      assertEquals("communicator of rank 0 of 2 (toy)", communicator.toString());
    }
  }

  @Test
  void passes_on_the_limit_of_the_call() throws Exception {
    try (Communicator communicator = open()) {
      communicator.barrier(Duration.ofSeconds(1));
      WindowSet set = communicator.allocateWindows(8, Duration.ofSeconds(2));
      set.local().await(8, Comparison.GE, 5, Duration.ofSeconds(3));
      set.of(1).await(8, Comparison.GE, 5);

      verify(session).barrier(new WaitLimit(Duration.ofSeconds(1), "the call's argument"));
      verify(session)
          .allocateWindows(8, new WaitLimit(Duration.ofSeconds(2), "the call's argument"));
      verify(windows)
          .await(
              0, 8, Comparison.GE, 5, new WaitLimit(Duration.ofSeconds(3), "the call's argument"));
      verify(windows).await(1, 8, Comparison.GE, 5, LIMIT);
    }
  }

  @Test
  void passes_on_signals() throws Exception {
    try (Communicator communicator = open()) {
      WindowSet set = communicator.allocateWindows(8);
      set.of(1).signal(8, 3);
      set.local().signalAdd(16, -1);

      verify(windows).signal(1, 8, SignalOperation.SET, 3);
      verify(windows).signal(0, 16, SignalOperation.ADD, -1);
    }
  }

  // Arguments

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 2 + 1})
  void refuses_a_window_size_before_the_backend_is_touched(long bytes) {
    try (Communicator communicator = open()) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> communicator.allocateWindows(bytes));

      assertEquals(
          bytes < 1
              ? "window size must be at least 1 byte, but is " + bytes
              : "window size " + bytes + " times 2 ranks overflows",
          e.getMessage());
      verifyNoInteractions(session);
      communicator.barrier();
    }
  }

  @Test
  void asks_the_backend_for_the_largest_size_that_does_not_overflow() throws Exception {
    try (Communicator communicator = open()) {
      communicator.allocateWindows(Long.MAX_VALUE / 2);

      verify(session).allocateWindows(Long.MAX_VALUE / 2, LIMIT);
    }
  }

  @Test
  void refuses_a_timeout_before_the_backend_is_touched() {
    try (Communicator communicator = open()) {
      for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366))) {
        assertThrows(IllegalArgumentException.class, () -> communicator.barrier(bad));
        assertThrows(IllegalArgumentException.class, () -> communicator.allocateWindows(8, bad));
      }
      verifyNoInteractions(session);
    }
  }

  @Test
  void refuses_offsets_and_ranks_before_the_backend_is_touched() throws Exception {
    try (Communicator communicator = open()) {
      WindowSet set = communicator.allocateWindows(64);
      Window window = set.local();

      assertEquals(
          "await: 8 bytes at offset 64 are outside the window of rank 0 (64 bytes)",
          assertThrows(IndexOutOfBoundsException.class, () -> window.await(64, Comparison.EQ, 0))
              .getMessage());
      assertEquals(
          "signal: offset must be a multiple of 8, but is 12",
          assertThrows(IllegalArgumentException.class, () -> window.signal(12, 0)).getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> window.signalAdd(-8, 0));
      assertThrows(
          IllegalArgumentException.class, () -> window.await(0, Comparison.EQ, 0, Duration.ZERO));
      assertEquals(
          "rank must be 0 to 1, but is 2",
          assertThrows(IndexOutOfBoundsException.class, () -> set.of(2)).getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> set.of(-1));

      verify(windows, never()).signal(anyInt(), anyLong(), any(), anyLong());
      verify(windows, never()).await(anyInt(), anyLong(), any(), anyLong(), any());
    }
  }

  // Failure

  @Test
  void opens_nothing_when_joining_fails() throws Exception {
    doThrow(failure(new Failure.Rendezvous(Path.of("/x"), "is a directory", "remove it")))
        .when(backend)
        .open(any());

    RendezvousException e = assertThrows(RendezvousException.class, this::open);

    assertEquals(
        "open on rank 0 of 2 (toy) failed: rendezvous file /x is a directory; remove it",
        e.getMessage());
    assertEquals(List.of(), Communicator.unclosed());
    verifyNoInteractions(session);
  }

  @Test
  void is_broken_for_good_after_a_failed_barrier() throws Exception {
    try (Communicator communicator = open()) {
      WindowSet set = communicator.allocateWindows(64);
      doThrow(peerFailed()).when(session).barrier(any());

      PeerFailedException first = assertThrows(PeerFailedException.class, communicator::barrier);

      List<Runnable> calls =
          List.of(
              communicator::barrier,
              () -> communicator.barrier(Duration.ofSeconds(1)),
              () -> communicator.allocateWindows(8),
              () -> set.local().getLong(0),
              () -> set.local().putLong(0, 1),
              () -> set.of(1).signal(0, 1),
              () -> set.of(1).await(0, Comparison.EQ, 1),
              () -> set.local().view(0, 8),
              () -> set.local().address(),
              () -> set.context(),
              () -> set.deviceContext());
      for (Runnable call : calls) {
        CommBrokenException e = assertThrows(CommBrokenException.class, call::run);
        assertSame(first, e.firstCause());
      }
      verify(session, times(1)).barrier(any());
      verify(session, times(1)).allocateWindows(anyLong(), any());
      verifyNoInteractions(memory);
      verify(windows, never()).signal(anyInt(), anyLong(), any(), anyLong());
      verify(windows, never()).await(anyInt(), anyLong(), any(), anyLong(), any());
    }
    verify(windows, times(1)).close(any());
    verify(session, times(1)).close(any());
  }

  @Test
  void is_broken_after_a_failed_allocation() throws Exception {
    try (Communicator communicator = open()) {
      doThrow(failure(new Failure.Exhausted("/dev/shm", 2, 1, "enlarge it")))
          .when(session)
          .allocateWindows(anyLong(), any());

      assertThrows(ResourceExhaustedException.class, () -> communicator.allocateWindows(1));

      assertThrows(CommBrokenException.class, communicator::barrier);
      verify(session, never()).barrier(any());
    }
  }

  @Test
  void is_broken_after_an_interrupted_barrier() throws Exception {
    try (Communicator communicator = open()) {
      doThrow(failure(new Failure.Interrupted())).when(session).barrier(any());

      assertThrows(CommInterruptedException.class, communicator::barrier);

      assertThrows(CommBrokenException.class, communicator::barrier);
    }
  }

  @Test
  void tells_the_state_of_the_ranks_when_it_is_broken_too() throws Exception {
    try (Communicator communicator = open()) {
      when(session.peers()).thenReturn(List.of(DEAD));
      doThrow(peerFailed()).when(session).barrier(any());
      assertThrows(PeerFailedException.class, communicator::barrier);

      assertEquals(List.of(DEAD), communicator.peers());
    }
  }

  @Test
  void a_wait_that_runs_out_of_time_or_is_interrupted_breaks_nothing() throws Exception {
    try (Communicator communicator = open()) {
      Window window = communicator.allocateWindows(64).local();
      doThrow(failure(new Failure.TimedOut(List.of())))
          .doThrow(failure(new Failure.Interrupted()))
          .doReturn(9L)
          .when(windows)
          .await(anyInt(), anyLong(), any(), anyLong(), any());

      assertThrows(CommTimeoutException.class, () -> window.await(0, Comparison.EQ, 9));
      assertThrows(CommInterruptedException.class, () -> window.await(0, Comparison.EQ, 9));

      assertEquals(9, window.await(0, Comparison.EQ, 9));
      communicator.barrier();
    }
  }

  @Test
  void a_wait_that_meets_a_dead_rank_breaks_the_communicator() throws Exception {
    try (Communicator communicator = open()) {
      Window window = communicator.allocateWindows(64).local();
      doThrow(peerFailed()).when(windows).await(anyInt(), anyLong(), any(), anyLong(), any());

      PeerFailedException first =
          assertThrows(PeerFailedException.class, () -> window.await(0, Comparison.EQ, 9));

      CommBrokenException e = assertThrows(CommBrokenException.class, communicator::barrier);
      assertSame(first, e.firstCause());
      verify(session, never()).barrier(any());
    }
  }

  @Test
  void a_wait_that_learns_of_a_timeout_of_another_rank_breaks_the_communicator() throws Exception {
    try (Communicator communicator = open()) {
      Window window = communicator.allocateWindows(64).local();
      doThrow(
              new BackendFailure(
                  new Failure.TimedOut(List.of(DEAD)), OptionalInt.of(1), Duration.ZERO))
          .when(windows)
          .await(anyInt(), anyLong(), any(), anyLong(), any());

      assertThrows(CommTimeoutException.class, () -> window.await(0, Comparison.EQ, 9));

      assertThrows(CommBrokenException.class, communicator::barrier);
    }
  }

  @Test
  void a_signal_that_can_not_be_sent_breaks_the_communicator() throws Exception {
    try (Communicator communicator = open()) {
      Window window = communicator.allocateWindows(64).of(1);
      doThrow(peerFailed()).when(windows).signal(anyInt(), anyLong(), any(), anyLong());

      PeerFailedException first =
          assertThrows(PeerFailedException.class, () -> window.signal(0, 1));

      assertEquals("signal", first.operation());
      CommBrokenException e = assertThrows(CommBrokenException.class, communicator::barrier);
      assertSame(first, e.firstCause());
    }
  }

  // Closing

  @Test
  void closes_once_and_windows_in_the_reverse_order() throws Exception {
    BackendWindows second = mock(BackendWindows.class);
    when(second.size()).thenReturn(8L);
    when(session.allocateWindows(anyLong(), any())).thenReturn(windows, second);
    Communicator communicator = open();
    communicator.allocateWindows(64);
    communicator.allocateWindows(8);

    communicator.close();
    communicator.close();

    InOrder order = inOrder(second, windows, session);
    order.verify(second).close(argThat(CommunicatorTest::isLeftOfLimit));
    order.verify(windows).close(argThat(CommunicatorTest::isLeftOfLimit));
    order.verify(session).close(argThat(CommunicatorTest::isLeftOfLimit));
    verify(session, times(1)).close(any());
    verify(session, never()).cancel();
  }

  @Test
  void does_not_close_windows_again_that_were_closed_before() throws Exception {
    Communicator communicator = open();
    WindowSet set = communicator.allocateWindows(64);

    set.close();
    set.close();
    communicator.close();

    verify(windows, times(1)).close(any());
  }

  @Test
  void does_not_keep_windows_that_were_closed() throws Exception {
    // Not a mock: that remembers its calls, and so keeps what it was called with.
    when(session.allocateWindows(anyLong(), any())).thenReturn(new FakeWindows(64, memory));
    try (Communicator communicator = open()) {
      WeakReference<WindowSet> closed = allocatedAndClosed(communicator);
      long start = System.nanoTime();
      while (closed.get() != null && System.nanoTime() - start < 20_000_000_000L) {
        System.gc();
      }

      assertNull(closed.get());
    }
  }

  private static WeakReference<WindowSet> allocatedAndClosed(Communicator communicator) {
    WindowSet set = communicator.allocateWindows(64);
    set.close();
    return new WeakReference<>(set);
  }

  @Test
  void refuses_every_call_after_close_without_touching_the_backend() throws Exception {
    Communicator communicator = open();
    WindowSet set = communicator.allocateWindows(64);
    communicator.close();

    List<Runnable> calls =
        List.of(
            communicator::barrier,
            () -> communicator.allocateWindows(8),
            communicator::peers,
            () -> set.local().getLong(0),
            () -> set.local().view(0, 8),
            () -> set.local().signal(0, 1),
            () -> set.local().await(0, Comparison.EQ, 1),
            () -> set.local().address(),
            () -> set.context(),
            () -> set.deviceContext());
    for (Runnable call : calls) {
      assertThrows(IllegalStateException.class, call::run);
    }
    assertEquals(
        "barrier: the communicator of rank 0 of 2 is closed",
        assertThrows(IllegalStateException.class, communicator::barrier).getMessage());
    assertEquals(
        "getLong: the windows of rank 0 of 2 are closed",
        assertThrows(IllegalStateException.class, () -> set.local().getLong(0)).getMessage());
    assertEquals(
        "peers: the communicator of rank 0 of 2 is closed",
        assertThrows(IllegalStateException.class, communicator::peers).getMessage());
    verify(session, never()).barrier(any());
    verify(session, never()).peers();
    verify(session, times(1)).allocateWindows(anyLong(), any());
    verifyNoInteractions(memory);
  }

  @Test
  void works_on_when_only_windows_are_closed() throws Exception {
    try (Communicator communicator = open()) {
      WindowSet set = communicator.allocateWindows(64);
      set.close();

      assertThrows(IllegalStateException.class, () -> set.local().getLong(0));
      communicator.barrier();

      verify(session).barrier(any());
    }
  }

  @Test
  void closes_everything_and_throws_the_first_error_with_the_others() throws Exception {
    BackendWindows second = mock(BackendWindows.class);
    when(second.size()).thenReturn(8L);
    when(session.allocateWindows(anyLong(), any())).thenReturn(windows, second);
    Communicator communicator = open();
    communicator.allocateWindows(64);
    communicator.allocateWindows(8);
    doThrow(nativeFailure("munmap-2")).when(second).close(any());
    doThrow(nativeFailure("munmap-1")).when(windows).close(any());
    doThrow(nativeFailure("destroy")).when(session).close(any());

    NativeCallException e = assertThrows(NativeCallException.class, communicator::close);

    assertEquals("munmap-2", e.function());
    assertEquals("close windows", e.operation());
    assertEquals(
        List.of("munmap-1", "destroy"),
        Arrays.stream(e.getSuppressed())
            .filter(NativeCallException.class::isInstance)
            .map(other -> ((NativeCallException) other).function())
            .toList());
    verify(session, times(1)).close(any());
    assertEquals(List.of(), Communicator.unclosed());
    communicator.close();
  }

  @Test
  void closes_the_rest_when_the_backend_is_at_fault() throws Exception {
    Communicator communicator = open();
    communicator.allocateWindows(64);
    doThrow(new IllegalArgumentException("a defect")).when(windows).close(any());

    assertThrows(IllegalArgumentException.class, communicator::close);

    verify(session).close(any());
  }

  @Test
  void lists_what_is_open_in_order_and_forgets_what_is_closed() {
    Communicator first = open();
    Communicator second = open();

    assertEquals(List.of(first, second), Communicator.unclosed());
    first.close();
    assertEquals(List.of(second), Communicator.unclosed());
    second.close();
    assertEquals(List.of(), Communicator.unclosed());
  }

  // Threads

  /** A call inside the backend that stays there until it is let go. */
  private static final class Held {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    void stay() throws InterruptedException {
      inside.countDown();
      if (!released.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("never released");
      }
    }

    void awaitInside() throws InterruptedException {
      assertTrue(inside.await(30, TimeUnit.SECONDS));
    }

    void release() {
      released.countDown();
    }
  }

  @Test
  void refuses_a_second_thread_in_a_collective() throws Exception {
    Held held = new Held();
    doAnswer(
            call -> {
              held.stay();
              return null;
            })
        .doNothing()
        .when(session)
        .barrier(any());
    try (Communicator communicator = open()) {
      Future<?> first = threads.submit(() -> communicator.barrier());
      held.awaitInside();

      IllegalStateException e = assertThrows(IllegalStateException.class, communicator::barrier);
      assertThrows(IllegalStateException.class, () -> communicator.allocateWindows(8));

      assertTrue(
          String.valueOf(e.getMessage()).contains("another thread is inside a collective"),
          e.getMessage());
      verify(session, times(1)).barrier(any());
      verify(session, never()).allocateWindows(anyLong(), any());
      held.release();
      first.get(30, TimeUnit.SECONDS);
      communicator.barrier();
      verify(session, times(2)).barrier(any());
    }
  }

  @Test
  void cancels_a_wait_that_is_inside_before_it_closes() throws Exception {
    Held held = new Held();
    doAnswer(
            call -> {
              held.stay();
              throw failure(new Failure.Cancelled());
            })
        .when(windows)
        .await(anyInt(), anyLong(), any(), anyLong(), any());
    doAnswer(
            call -> {
              held.release();
              return null;
            })
        .when(session)
        .cancel();
    Communicator communicator = open();
    WindowSet set = communicator.allocateWindows(64);
    Future<?> waiting = threads.submit(() -> set.local().await(0, Comparison.EQ, 1));
    held.awaitInside();

    communicator.close();

    ExecutionException e =
        assertThrows(ExecutionException.class, () -> waiting.get(30, TimeUnit.SECONDS));
    assertEquals(
        "await on rank 0 of 2 (toy) ended after 0.005 s: the communicator was closed by another"
            + " thread",
        assertInstanceOf(IllegalStateException.class, e.getCause()).getMessage());
    InOrder order = inOrder(session, windows);
    order.verify(session).cancel();
    order.verify(windows).close(any());
    order.verify(session).close(any());
  }

  @Test
  void cancels_a_barrier_that_is_inside_before_it_closes() throws Exception {
    Held held = new Held();
    doAnswer(
            call -> {
              held.stay();
              throw failure(new Failure.Cancelled());
            })
        .when(session)
        .barrier(any());
    doAnswer(
            call -> {
              held.release();
              return null;
            })
        .when(session)
        .cancel();
    Communicator communicator = open();
    Future<?> waiting = threads.submit(() -> communicator.barrier());
    held.awaitInside();

    communicator.close();

    ExecutionException e =
        assertThrows(ExecutionException.class, () -> waiting.get(30, TimeUnit.SECONDS));
    assertInstanceOf(IllegalStateException.class, e.getCause());
    InOrder order = inOrder(session);
    order.verify(session).cancel();
    order.verify(session).close(any());
  }

  @Test
  void closes_within_its_bound_although_a_call_inside_never_ends() throws Exception {
    Held held = new Held();
    doAnswer(
            call -> {
              held.stay();
              return null;
            })
        .when(session)
        .barrier(any());
    Communicator communicator =
        Communicator.open(CONFIG.withTimeout(Duration.ofMillis(20)), backend);
    Future<?> stuck = threads.submit(() -> communicator.barrier());
    held.awaitInside();

    communicator.close();

    assertFalse(stuck.isDone());
    verify(session).cancel();
    verify(session).close(any());
    held.release();
    stuck.get(30, TimeUnit.SECONDS);
  }

  @Test
  void tells_the_state_of_the_ranks_without_waiting_for_a_close() throws Exception {
    Held held = new Held();
    doAnswer(
            call -> {
              held.stay();
              return null;
            })
        .when(session)
        .close(any());
    Communicator communicator = open();
    Future<?> closing = threads.submit(communicator::close);
    held.awaitInside();

    Future<?> asked = threads.submit(communicator::peers);

    ExecutionException e =
        assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS));
    assertInstanceOf(IllegalStateException.class, e.getCause());
    held.release();
    closing.get(30, TimeUnit.SECONDS);
  }
}

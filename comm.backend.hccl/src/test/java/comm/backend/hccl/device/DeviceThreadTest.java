package comm.backend.hccl.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.CannLibraries;
import comm.backend.hccl.cann.Family;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that makes all native calls of a communicator, and what is given back on it. */
@Timeout(60)
class DeviceThreadTest {

  private static final DeviceThread.Watch NOTHING = () -> {};

  private final DeviceThread thread = new DeviceThread("test-device");

  @AfterEach
  void end() {
    thread.end();
    thread.awaitEnd(Duration.ofSeconds(20));
  }

  /** A failure as the binding makes it where no CANN is installed. */
  private static CannException failure() {
    return new CannLibraries(Map.of("ASCEND_HOME_PATH", "/nowhere"))
        .missing(Family.ACL)
        .orElseThrow();
  }

  private static BackendFailure givenUp() {
    return new BackendFailure(new Failure.Cancelled(), Duration.ZERO);
  }

  @Test
  void all_tasks_run_on_one_other_thread_that_keeps_no_jvm_alive() throws Exception {
    Thread first = thread.call(Thread::currentThread, NOTHING);
    Thread second = thread.call(Thread::currentThread, NOTHING);

    assertSame(first, second);
    assertNotSame(Thread.currentThread(), first);
    assertTrue(first.isDaemon());
    assertEquals("test-device", first.getName());
  }

  @Test
  void what_a_task_throws_reaches_its_caller_and_was_seen_on_the_thread_before() {
    List<CannException> seen = new ArrayList<>();
    thread.observe(seen::add);
    CannException failure = failure();

    CannException thrown =
        assertThrows(
            CannException.class,
            () ->
                thread.call(
                    () -> {
                      throw failure;
                    },
                    NOTHING));

    assertSame(failure, thrown);
    assertEquals(List.of(failure), seen);
  }

  @Test
  void a_caller_may_give_up_on_a_task_that_hangs_and_later_tasks_still_run() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    BackendFailure givenUp = givenUp();

    BackendFailure thrown =
        assertThrows(
            BackendFailure.class,
            () ->
                thread.call(
                    () -> {
                      begun.countDown();
                      awaitUninterrupted(hangs);
                      return true;
                    },
                    () -> {
                      // One that has not begun would be dropped instead.
                      if (begun.getCount() == 0) {
                        throw givenUp;
                      }
                    }));

    assertSame(givenUp, thrown);
    assertTrue(thread.isHung());
    hangs.countDown();
    assertEquals("later", thread.call(() -> "later", NOTHING));
    assertFalse(thread.isHung());
  }

  @Test
  void an_interrupt_of_the_caller_is_seen_by_its_watch_and_kept() throws Exception {
    CountDownLatch watched = new CountDownLatch(1);
    Thread.currentThread().interrupt();

    String result =
        thread.call(
            () -> {
              awaitUninterrupted(watched);
              return "done";
            },
            () -> {
              if (Thread.currentThread().isInterrupted()) {
                watched.countDown();
              }
            });

    assertEquals("done", result);
    assertTrue(Thread.interrupted());
  }

  @Test
  void callers_may_be_virtual_threads() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    // By name, since the code is compiled for an older release.
    Thread.class
        .getMethod("startVirtualThread", Runnable.class)
        .invoke(
            null,
            (Runnable)
                () -> {
                  try {
                    ran.complete(thread.call(Thread::currentThread, NOTHING));
                  } catch (CannException | BackendFailure | RuntimeException e) {
                    ran.completeExceptionally(e);
                  }
                });

    assertEquals("test-device", ran.get(20, TimeUnit.SECONDS).getName());
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_was_acquired_is_given_back_last_first_whatever_fails() {
    List<String> order = new ArrayList<>();
    CannException first = failure();
    CannException second = failure();
    Releases releases = new Releases();
    releases.push(() -> order.add("device"));
    releases.push(
        () -> {
          order.add("stream");
          throw second;
        });
    releases.push(
        () -> {
          order.add("memory");
          throw first;
        });

    assertSame(first, assertThrows(CannException.class, releases::run));
    assertEquals(List.of("memory", "stream", "device"), order);
    assertSame(second, first.getSuppressed()[0]);
  }

  @Test
  void nothing_is_given_back_twice() throws Exception {
    List<String> order = new ArrayList<>();
    Releases releases = new Releases();
    releases.push(() -> order.add("stream"));
    releases.run();
    releases.run();

    assertEquals(List.of("stream"), order);
  }
}

package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.CommBrokenException;
import comm.api.CommInterruptedException;
import comm.api.CommTimeoutException;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.PeerFailedException;
import comm.api.RankStatus;
import comm.api.Window;
import comm.api.WindowSet;
import comm.testkit.Eventually;
import comm.testkit.RankThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals, and how waits end when nobody signals or comes. */
@Timeout(60)
class SignalTest {

  @TempDir private Path directory;

  private RankThreads ranks() {
    return new RankThreads("sim", directory);
  }

  @Test
  void a_signal_carries_what_was_written_before_it() {
    int rounds = 2_000;
    ranks()
        .run(
            2,
            communicator -> {
              try (WindowSet windows = communicator.allocateWindows(64)) {
                Window mine = windows.local();
                Window other = windows.of(1 - communicator.rank());
                for (int i = 1; i <= rounds; i++) {
                  if (communicator.rank() == 0) {
                    other.putLong(8, i * 31L);
                    other.signal(0, i);
                    assertEquals(i, mine.await(0, Comparison.EQ, i));
                  } else {
                    assertEquals(i, mine.await(0, Comparison.GE, i));
                    assertEquals(i * 31L, mine.getLong(8));
                    other.signalAdd(0, 1);
                  }
                }
              }
            });
  }

  @Test
  void a_wait_that_runs_out_of_time_leaves_the_communicator_usable() {
    ranks()
        .run(
            2,
            communicator -> {
              try (WindowSet windows = communicator.allocateWindows(64)) {
                if (communicator.rank() == 0) {
                  CommTimeoutException timeout =
                      assertThrows(
                          CommTimeoutException.class,
                          () -> windows.local().await(0, Comparison.EQ, 1, Duration.ofMillis(100)));
                  assertTrue(
                      timeout.getMessage().contains("(limit 0.100 s, from the call's argument)"),
                      timeout.getMessage());
                }
                communicator.barrier();
              }
            });
  }

  @Test
  void a_wait_ends_when_all_others_have_left() {
    ranks()
        .run(
            3,
            communicator -> {
              try (WindowSet windows = communicator.allocateWindows(64)) {
                if (communicator.rank() == 0) {
                  PeerFailedException left =
                      assertThrows(
                          PeerFailedException.class,
                          () -> windows.local().await(0, Comparison.EQ, 1));
                  assertEquals(RankStatus.State.LEFT, left.peer().state());
                }
              }
            });
  }

  @Test
  void a_barrier_ends_at_once_when_a_rank_leaves_and_stays_broken() {
    ranks()
        .run(
            3,
            communicator -> {
              if (communicator.rank() == 2) {
                return;
              }
              PeerFailedException left =
                  assertThrows(PeerFailedException.class, communicator::barrier);
              assertEquals(2, left.peer().rank());
              CommBrokenException broken =
                  assertThrows(CommBrokenException.class, communicator::barrier);
              assertEquals(left, broken.firstCause());
              assertThrows(CommBrokenException.class, () -> communicator.allocateWindows(4096));
            });
  }

  @Test
  void an_interrupted_barrier_breaks_for_all_and_keeps_the_flag() {
    AtomicReference<Thread> waiting = new AtomicReference<>();
    List<Optional<Throwable>> outcomes =
        ranks()
            .outcomes(
                3,
                config -> {
                  try (Communicator communicator = Communicator.open(config)) {
                    if (config.rank() == 2) {
                      Eventually.holds(
                          "rank 0 is on its way to the barrier",
                          Duration.ofSeconds(10),
                          () -> waiting.get() != null);
                      waiting.get().interrupt();
                      Eventually.holds(
                          "the others have failed",
                          Duration.ofSeconds(10),
                          () ->
                              communicator.peers().stream()
                                      .filter(p -> p.state() == RankStatus.State.LEFT)
                                      .count()
                                  == 2);
                    } else {
                      if (config.rank() == 0) {
                        waiting.set(Thread.currentThread());
                      }
                      assertThrows(CommInterruptedException.class, communicator::barrier);
                      assertEquals(config.rank() == 0, Thread.currentThread().isInterrupted());
                    }
                  }
                });

    assertEquals(List.of(Optional.empty(), Optional.empty(), Optional.empty()), outcomes);
  }

  @Test
  void closing_from_another_thread_ends_a_wait() {
    ranks()
        .run(
            2,
            communicator -> {
              WindowSet windows = communicator.allocateWindows(64);
              if (communicator.rank() == 1) {
                PeerFailedException left =
                    assertThrows(PeerFailedException.class, communicator::barrier);
                assertEquals(RankStatus.State.LEFT, left.peer().state());
                return;
              }
              closeWhileAnotherThreadIsIn(
                  "await", communicator, () -> windows.local().await(0, Comparison.EQ, 1));
            });
  }

  @Test
  void closing_from_another_thread_ends_a_barrier() {
    ranks()
        .run(
            2,
            communicator -> {
              communicator.allocateWindows(64);
              if (communicator.rank() == 1) {
                Eventually.holds(
                    "rank 0 has left",
                    Duration.ofSeconds(10),
                    () -> communicator.peers().get(0).state() == RankStatus.State.LEFT);
                return;
              }
              closeWhileAnotherThreadIsIn("barrier", communicator, communicator::barrier);
            });
  }

  private static void closeWhileAnotherThreadIsIn(
      String operation, Communicator communicator, Runnable call) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                call.run();
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    waiter.start();
    Eventually.holds(
        "the other thread is in " + operation,
        Duration.ofSeconds(10),
        () -> communicator.peers().get(0).lastOperation().equals(operation));
    communicator.close();
    waiter.join();
    assertEquals(IllegalStateException.class, thrown.get().getClass());
    assertTrue(
        String.valueOf(thrown.get().getMessage()).contains("closed by another thread"),
        thrown.get()::toString);
  }
}

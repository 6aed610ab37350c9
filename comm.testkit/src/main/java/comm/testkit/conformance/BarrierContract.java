package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.testkit.Capability;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Section B of the backend contract: what a barrier must do. */
public abstract class BarrierContract extends Contract {

  private static final Duration SHORT = TimeScale.scaled(Duration.ofMillis(300));

  /** For subclasses. */
  protected BarrierContract() {
    super("B");
  }

  /** Gives the others time to do what they must not: a wrong barrier lets them go on meanwhile. */
  static void linger() {
    long end = System.nanoTime() + 30_000_000;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** See {@link Rule#B1}. */
  @Checks(Rule.B1)
  public final void no_rank_leaves_before_the_last_has_entered() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            for (int round = 0; round < 12; round++) {
              int late = round % rank.size();
              if (rank.rank() == late) {
                for (int other = 0; other < rank.size(); other++) {
                  if (other != late) {
                    rank.await("entering " + round + " " + other);
                  }
                }
                linger();
              }
              rank.post("entering " + round + " " + rank.rank(), "");
              joined.barrier();
              for (int other = 0; other < rank.size(); other++) {
                assertTrue(
                    rank.peek("entering " + round + " " + other).isPresent(),
                    rank + " has left barrier " + round + " before rank " + other + " entered it");
              }
            }
          }
        });
  }

  /** See {@link Rule#B3}. */
  @Checks(value = Rule.B3, needs = Capability.TIME_LIMITS)
  public final void a_barrier_that_runs_out_of_time_names_who_is_missing() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            if (rank.rank() == 1) {
              rank.await("failed 0");
              rank.await("failed 2");
            } else {
              timesOut(rank, joined);
            }
          }
        });
  }

  private static String missing(BackendFailure failure) {
    return ((Failure.TimedOut) failure.failure())
        .missing().stream()
            .map(one -> one.rank() + " " + one.state())
            .collect(Collectors.joining(", "));
  }

  private static void timesOut(TestRank rank, Joined joined) {
    long start = System.nanoTime();
    BackendFailure failure =
        Joined.failure(
            Failure.TimedOut.class, "a barrier without rank 1", () -> joined.barrier(SHORT));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    rank.post("failed " + rank.rank(), "");
    assertEquals(
        "1 alive", missing(failure), rank + ": the missing ranks of a barrier without rank 1");
    if (failure.reportedBy().isEmpty()) {
      assertTrue(
          waited.compareTo(SHORT) >= 0,
          () -> rank + ": a barrier with a limit of " + SHORT + " failed after " + waited);
    }
  }

  /** See {@link Rule#B2}. */
  @Checks(Rule.B2)
  public final void barriers_that_follow_each_other_closely_all_end() {
    ranks(
        4,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            Random random = new Random(rank.rank());
            for (int round = 0; round < 300; round++) {
              pause(random.nextInt(4) * 15_000L);
              joined.barrier();
            }
          }
        });
  }

  /** Keeps a rank busy, so that ranks come in changing order, some of them to a sleeping peer. */
  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** See {@link Rule#B3}. */
  @Checks(value = Rule.B3, needs = Capability.TIME_LIMITS)
  public final void a_barrier_without_two_ranks_names_both() {
    ranks(
        4,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            if (rank.rank() == 1 || rank.rank() == 3) {
              rank.await("failed 0");
              rank.await("failed 2");
            } else {
              try {
                BackendFailure failure =
                    Joined.failure(
                        Failure.TimedOut.class,
                        "a barrier without ranks 1 and 3",
                        () -> joined.barrier(SHORT));
                assertEquals(
                    "1 alive, 3 alive",
                    missing(failure),
                    rank + ": the missing ranks of a barrier without ranks 1 and 3");
              } finally {
                rank.post("failed " + rank.rank(), "");
              }
            }
          }
        });
  }

  /** See {@link Rule#B4}. */
  @Checks(value = Rule.B4, needs = Capability.TIME_LIMITS)
  public final void a_rank_that_comes_to_a_broken_barrier_fails_too() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            if (rank.rank() == 2) {
              rank.await("failed 0");
              rank.await("failed 1");
              Joined.failure(
                  Failure.class,
                  "the barrier of the rank that comes after the others have given up",
                  joined::barrier);
            } else {
              // One has a short limit, the other gets its verdict.
              try {
                Joined.failure(
                    Failure.TimedOut.class,
                    "a barrier without rank 2",
                    () -> joined.barrier(rank.rank() == 0 ? SHORT : Joined.LONG));
              } finally {
                rank.post("failed " + rank.rank(), "");
              }
            }
            rank.meet("done");
          }
        });
  }

  /** See {@link Rule#B5}. */
  @Checks(value = Rule.B5, needs = Capability.TIME_LIMITS)
  public final void a_limit_does_not_count_what_was_before() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            joined.barrier(SHORT.multipliedBy(3));
            pause(SHORT.multipliedBy(4).toNanos());
            rank.meet("rested");
            joined.barrier(SHORT.multipliedBy(3));
          }
        });
  }

  /** See {@link Rule#B6}. */
  @Checks(Rule.B6)
  public final void a_single_rank_does_not_wait() {
    ranks(
        1,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            for (int round = 0; round < 100; round++) {
              joined.barrier();
            }
          }
        });
  }

  /** See {@link Rule#B7}. */
  @Checks(value = Rule.B7, needs = Capability.INTERRUPTIBLE)
  public final void an_interrupt_ends_a_barrier_for_all() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            if (rank.rank() == 2) {
              rank.meet("done");
            } else if (rank.rank() == 1) {
              rank.await("interrupting");
              BackendFailure failure =
                  Joined.failure(
                      Failure.class,
                      "the barrier of a rank whose peer was interrupted",
                      joined::barrier);
              assertTrue(
                  failure.reportedBy().isPresent()
                      || !(failure.failure() instanceof Failure.TimedOut),
                  "the barrier of a rank whose peer was interrupted must break, but ran out of"
                      + " time");
              rank.meet("done");
            } else {
              Thread self = Thread.currentThread();
              Thread waker =
                  new Thread(
                      () -> {
                        linger();
                        self.interrupt();
                      });
              rank.post("interrupting", "");
              waker.start();
              Joined.failure(Failure.Interrupted.class, "an interrupted barrier", joined::barrier);
              boolean flag = Thread.interrupted();
              waker.join();
              assertTrue(flag, "rank 0: the flag of the interrupted thread has been cleared");
              rank.meet("done");
            }
          }
        });
  }

  /** See {@link Rule#B8}. */
  @Checks(value = Rule.B8, needs = Capability.INTERRUPTIBLE)
  public final void a_cancelled_session_waits_no_more() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            if (rank.rank() == 0) {
              Thread other =
                  new Thread(
                      () -> {
                        linger();
                        joined.session().cancel();
                      });
              other.start();
              Joined.failure(
                  Failure.Cancelled.class, "the barrier of a cancelled session", joined::barrier);
              other.join();
            }
            rank.meet("done");
          }
        });
  }

  /** See {@link Rule#B9}. */
  @Checks(Rule.B9)
  public final void groups_do_not_meet_in_each_others_barriers() {
    ranks(
        2,
        rank -> {
          try (Joined first = Joined.ready(rank);
              Joined second =
                  Joined.of(
                      rank.backend()
                          .open(rank.request("second", rank.rank(), rank.size(), Joined.LONG)))) {
            BackendWindows unused = second.allocate(64);
            if (rank.rank() == 0) {
              first.barrier();
              assertTrue(
                  rank.peek("in the first").isPresent(),
                  "rank 0 has left the first group's barrier, which rank 1 has not entered");
              second.barrier();
            } else {
              // It is in the second group's barrier only, which must not let rank 0 go.
              Aside<String> inSecond =
                  Aside.start(
                      rank + ": the second group's barrier",
                      () -> {
                        second.barrier();
                        return "";
                      });
              linger();
              rank.post("in the first", "");
              first.barrier();
              inSecond.result(Joined.LONG);
            }
          }
        });
  }

  /** See {@link Rule#B10}. */
  @Checks(value = Rule.B10, needs = Capability.BARE_BARRIER)
  public final void ranks_meet_before_they_have_windows() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            joined.barrier(Joined.LONG);
          }
        });
  }
}

package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.testkit.Capability;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

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
          try (Joined joined = Joined.open(rank)) {
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
          try (Joined joined = Joined.open(rank)) {
            if (rank.rank() == 1) {
              rank.await("failed 0");
              rank.await("failed 2");
            } else {
              timesOut(rank, joined);
            }
          }
        });
  }

  private static void timesOut(TestRank rank, Joined joined) {
    long start = System.nanoTime();
    BackendFailure failure =
        Joined.failure(
            Failure.TimedOut.class, "a barrier without rank 1", () -> joined.barrier(SHORT));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    rank.post("failed " + rank.rank(), "");
    List<RankStatus> missing = ((Failure.TimedOut) failure.failure()).missing();
    assertEquals(
        List.of("1 alive"),
        missing.stream().map(one -> one.rank() + " " + one.state()).toList(),
        rank + ": the missing ranks of a barrier without rank 1");
    if (failure.reportedBy().isEmpty()) {
      assertTrue(
          waited.compareTo(SHORT) >= 0,
          () -> rank + ": a barrier with a limit of " + SHORT + " failed after " + waited);
    }
  }
}

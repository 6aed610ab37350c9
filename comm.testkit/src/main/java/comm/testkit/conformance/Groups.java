package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.Failure;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** How groups form and don't. */
final class Groups {

  /** Of calls that are meant to run out of time. */
  static final Duration SHORT = TimeScale.scaled(Duration.ofMillis(300));

  private Groups() {}

  /** Joins a group of all ranks of the run. */
  static Joined open(TestRank rank, String group) throws BackendFailure {
    return open(rank, group, rank.rank(), rank.size());
  }

  static Joined open(TestRank rank, String group, int asRank, int ofSize) throws BackendFailure {
    return Joined.of(session(rank, group, asRank, ofSize, Joined.LONG));
  }

  static BackendSession session(TestRank rank, String group, int asRank, int ofSize, Duration limit)
      throws BackendFailure {
    return rank.backend().open(rank.request(group, asRank, ofSize, limit));
  }

  /** Forms a group first, so that no later call is slow because code is loaded. */
  static void warmUp(TestRank rank) throws BackendFailure {
    open(rank, "warm-up").close();
    rank.meet("warm");
  }

  /** Opens with a short limit a group that lacks a rank, and fails unless it is named. */
  static void timesOut(TestRank rank, String group, int missing) {
    String what = rank + ": open() without rank " + missing;
    long start = System.nanoTime();
    BackendFailure failure =
        Joined.failure(
            Failure.TimedOut.class,
            what,
            () -> session(rank, group, rank.rank(), rank.size(), SHORT));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(
        List.of(missing + " never joined"),
        states(((Failure.TimedOut) failure.failure()).missing()),
        what + ": the missing ranks");
    if (failure.reportedBy().isEmpty()) {
      assertTrue(
          waited.compareTo(SHORT) >= 0,
          () -> what + " must wait for " + SHORT + ", but failed after " + waited);
    }
    isInTime(what, SHORT, waited);
  }

  static void isInTime(String what, Duration limit, Duration waited) {
    assertTrue(
        waited.compareTo(limit.plus(Aside.PROMPT)) < 0,
        () -> what + " must end near its limit of " + limit + ", but took " + waited);
  }

  static List<String> states(List<RankStatus> ranks) {
    return ranks.stream().map(one -> one.rank() + " " + one.state()).toList();
  }

  /** What {@link #states} gives for a group all of whose ranks are there. */
  static List<String> allAlive(int size) {
    return IntStream.range(0, size).mapToObj(rank -> rank + " alive").toList();
  }
}

package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Comparison;
import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.testkit.BackendUnderTest;
import comm.testkit.Capability;
import comm.testkit.Leftovers;
import comm.testkit.RankMode;
import comm.testkit.RankReport;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** Section F of the backend contract: what must happen when a rank dies or leaves. */
public abstract class FailureContract extends Contract {

  private static final Duration NOTICE = TimeScale.scaled(Duration.ofSeconds(10));
  private static final Duration RUN = Duration.ofSeconds(60);

  /** For subclasses. */
  protected FailureContract() {
    super("F");
  }

  /** The barrier must end by the failure of one rank, and long before its limit. */
  private static void peerFails(
      TestRank rank, Joined joined, int victim, RankStatus.State state, String what) {
    long start = System.nanoTime();
    Failure.PeerFailed failure =
        Joined.fails(Failure.PeerFailed.class, what + " of " + rank, joined::barrier);
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(
        "rank " + victim + " " + state,
        "rank " + failure.peer().rank() + " " + failure.peer().state(),
        rank + ": the rank that failed");
    assertTrue(waited.compareTo(NOTICE) < 0, () -> rank + " noticed it only after " + waited);
  }

  private void deathInBarrier(int victim) {
    ranks(
        3,
        Set.of(victim),
        rank -> {
          Joined joined = Joined.ready(rank);
          rank.meet("joined");
          if (rank.rank() == victim) {
            BarrierContract.linger();
            rank.die();
          }
          peerFails(rank, joined, victim, RankStatus.State.DEAD, "the barrier");
          joined.close();
        });
  }

  /** See {@link Rule#F1}. */
  @Checks(
      value = Rule.F1,
      needs = {Capability.RANKS_AS_PROCESSES, Capability.DEATH_NOTICE})
  public final void a_rank_that_dies_breaks_the_barrier_of_the_others() {
    needsProcesses();
    deathInBarrier(2);
  }

  /** See {@link Rule#F5}. */
  @Checks(
      value = Rule.F5,
      needs = {Capability.RANKS_AS_PROCESSES, Capability.DEATH_NOTICE})
  public final void the_dead_rank_is_named_whichever_it_is() {
    needsProcesses();
    deathInBarrier(0);
    deathInBarrier(1);
  }

  private void needsProcesses() {
    BackendUnderTest backend = backend();
    if (backend.mode() != RankMode.PROCESSES) {
      Assumptions.abort(
          "the ranks of " + backend + " are threads, which can't be killed or stopped");
    }
  }

  /** See {@link Rule#F2}. */
  @Checks(
      value = Rule.F2,
      needs = {Capability.RANKS_AS_PROCESSES, Capability.TIME_LIMITS})
  public final void a_rank_that_dies_while_the_group_forms_breaks_it() {
    needsProcesses();
    ranks(
        3,
        Set.of(1),
        rank -> {
          if (rank.rank() == 1) {
            Thread opening =
                new Thread(
                    () -> {
                      try {
                        Joined.open(rank).close();
                      } catch (BackendFailure e) {
                        // It is about to die, and need not have joined.
                        rank.post("opening failed", e.getMessage());
                      }
                    });
            opening.start();
            BarrierContract.linger();
            rank.die();
          }
          if (rank.rank() == 2) {
            // So that the group can't have formed when the rank dies.
            rank.await("rank 0 failed");
          } else {
            try {
              Joined.failure(
                  Failure.class,
                  "joining without ranks 1 and 2",
                  () -> rank.backend().open(rank.request(TimeScale.scaled(Duration.ofSeconds(2)))));
            } finally {
              rank.post("rank 0 failed", "");
            }
          }
        });
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.ready(rank)) {
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#F3}. */
  @Checks(
      value = Rule.F3,
      needs = {Capability.RANKS_AS_PROCESSES, Capability.DEATH_NOTICE})
  public final void a_rank_that_dies_ends_the_wait_for_a_signal() {
    needsProcesses();
    ranks(
        2,
        Set.of(1),
        rank -> {
          Joined joined = Joined.ready(rank);
          BackendWindows windows = joined.allocate(64);
          rank.meet("allocated");
          if (rank.rank() == 1) {
            BarrierContract.linger();
            rank.die();
          }
          Failure.PeerFailed failure =
              Joined.fails(
                  Failure.PeerFailed.class,
                  "awaiting a signal of a dead rank",
                  () -> windows.await(0, 0, Comparison.EQ, 1, Joined.limit(Joined.LONG)));
          assertEquals(1, failure.peer().rank(), "the rank that failed");
          joined.close();
        });
  }

  /** See {@link Rule#F4}. */
  @Checks(value = Rule.F4, needs = Capability.DEATH_NOTICE)
  public final void a_rank_that_closes_breaks_the_barrier_of_the_others() {
    leave(2);
  }

  /** See {@link Rule#F5}. */
  @Checks(value = Rule.F5, needs = Capability.DEATH_NOTICE)
  public final void the_rank_that_left_is_named_whichever_it_is() {
    leave(0);
    leave(1);
  }

  private void leave(int victim) {
    ranks(
        3,
        rank -> {
          Joined joined = Joined.ready(rank);
          rank.meet("joined");
          if (rank.rank() == victim) {
            BarrierContract.linger();
          } else {
            peerFails(rank, joined, victim, RankStatus.State.LEFT, "the barrier");
          }
          joined.close();
        });
  }

  /** See {@link Rule#F6}. */
  @Checks(value = Rule.F6, needs = Capability.DEATH_NOTICE)
  public final void broken_is_broken_for_good() {
    ranks(
        3,
        rank -> {
          Joined joined = Joined.ready(rank);
          rank.meet("joined");
          if (rank.rank() == 0) {
            BarrierContract.linger();
            joined.close();
          } else {
            Joined.failure(Failure.class, "the barrier of " + rank, joined::barrier);
          }
          rank.meet("broken");
          if (rank.rank() == 1) {
            // Rank 2 calls nothing, so only a session that knows that it is broken fails soon.
            long start = System.nanoTime();
            Joined.failure(Failure.class, "another barrier of a broken group", joined::barrier);
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(
                waited.compareTo(NOTICE) < 0,
                () -> "another barrier of a broken group failed only after " + waited);
          }
          rank.meet("done");
          if (rank.rank() != 0) {
            joined.close();
          }
        });
  }

  /** See {@link Rule#F7}. */
  @Checks(
      value = Rule.F7,
      needs = {Capability.RANKS_AS_PROCESSES, Capability.TIME_LIMITS})
  public final void a_stopped_process_is_alive() {
    needsProcesses();
    ranks(
        2,
        rank -> {
          Joined joined = Joined.ready(rank);
          rank.meet("joined");
          if (rank.rank() == 1) {
            rank.post("stopping", "");
            rank.freeze(TimeScale.scaled(Duration.ofSeconds(1)));
            rank.await("timed out");
          } else {
            rank.await("stopping");
            Failure.TimedOut failure =
                Joined.fails(
                    Failure.TimedOut.class,
                    "a barrier with a stopped rank",
                    () -> joined.barrier(TimeScale.scaled(Duration.ofMillis(400))));
            rank.post("timed out", "");
            assertEquals(
                List.of("rank 1 alive"),
                failure.missing().stream()
                    .map(one -> "rank " + one.rank() + " " + one.state())
                    .toList(),
                "the missing ranks of a barrier with a stopped rank");
          }
          joined.close();
        });
  }

  /** See {@link Rule#F8}. */
  @Checks(
      value = Rule.F8,
      needs = {Capability.RANKS_AS_PROCESSES, Capability.DEATH_NOTICE})
  public final void nothing_of_a_dead_rank_stays() {
    needsProcesses();
    List<Leftovers> places = new ArrayList<>();
    for (Path place : backend().places()) {
      places.add(Leftovers.of(place));
    }
    RankReport report =
        pool()
            .run(
                3,
                RUN,
                rank -> {
                  Joined joined = Joined.ready(rank);
                  BackendWindows windows = joined.allocate(10_000);
                  rank.meet("allocated");
                  if (rank.rank() == 1) {
                    rank.die();
                  }
                  if (rank.rank() == 0) {
                    windows.close(Joined.limit(Joined.LONG));
                  }
                  joined.close();
                });
    report.check(Set.of(1));
    assertEquals(List.of(), report.leftovers(), "files beside the root info file");
    for (Leftovers place : places) {
      place.assertNone(TimeScale.scaled(Duration.ofSeconds(5)));
    }
  }

  /** See {@link Rule#F9}. */
  @Checks(value = Rule.F9, needs = Capability.DEATH_NOTICE)
  public final void peers_can_be_asked_after_a_failure() {
    ranks(
        3,
        rank -> {
          Joined joined = Joined.ready(rank);
          rank.meet("joined");
          if (rank.rank() == 1) {
            joined.close();
            rank.meet("asked");
          } else {
            Joined.failure(Failure.class, "the barrier of " + rank, joined::barrier);
            List<RankStatus> peers = joined.session().peers();
            assertEquals(
                List.of("0 alive", "1 left", "2 alive"),
                peers.stream().map(one -> one.rank() + " " + one.state()).toList(),
                rank + ": what is known of each rank after the failure");
            rank.meet("asked");
            joined.close();
          }
        });
  }

  /** See {@link Rule#F10}. */
  @Checks(value = Rule.F10, needs = Capability.DEATH_NOTICE)
  public final void another_group_goes_on() {
    ranks(
        2,
        rank -> {
          try (Joined other =
              Joined.of(
                  rank.backend()
                      .open(rank.request("other", rank.rank(), rank.size(), Joined.LONG)))) {
            Joined joined = Joined.ready(rank);
            rank.meet("joined");
            if (rank.rank() == 0) {
              Joined.failure(Failure.class, "the barrier of " + rank, joined::barrier);
            }
            joined.close();
            rank.meet("broken");
            other.barrier();
          }
        });
  }
}

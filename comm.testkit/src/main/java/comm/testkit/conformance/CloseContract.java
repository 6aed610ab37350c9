package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.Comparison;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.testkit.Capability;
import comm.testkit.RankMode;
import comm.testkit.RankReport;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/** Section C of the backend contract: what closing does, and what is left. */
public abstract class CloseContract extends Contract {

  private static final Duration RUN = Duration.ofSeconds(60);
  private static final long BYTES = 64 * 1024;
  private static final int WARM_UP = 10;
  private static final int ROUNDS = 30;

  /** For subclasses. */
  protected CloseContract() {
    super("C");
  }

  /** See {@link Rule#C1}. */
  @Checks(value = Rule.C1, needs = Capability.TIME_LIMITS)
  public final void close_does_not_wait_for_a_rank_that_does_nothing() {
    ranks(
        2,
        rank -> {
          Joined joined = Joined.open(rank);
          joined.allocate(BYTES);
          if (rank.rank() == 0) {
            closesInTime(rank, joined, "while the other does nothing");
            rank.meet("closed");
          } else {
            rank.meet("closed");
            joined.close();
          }
        });
  }

  /** See {@link Rule#C1}. */
  @Checks(value = Rule.C1, needs = Capability.TIME_LIMITS)
  public final void close_does_not_wait_for_a_rank_in_a_barrier() {
    ranks(
        2,
        rank -> {
          Joined joined = Joined.open(rank);
          joined.allocate(BYTES);
          if (rank.rank() == 0) {
            rank.await("in a barrier");
            BarrierContract.linger();
            closesInTime(rank, joined, "while the other is in a barrier");
          } else {
            rank.post("in a barrier", "");
            Joined.fails(
                Failure.class, rank + ": a barrier that rank 0 never enters", joined::barrier);
            joined.close();
          }
        });
  }

  /** See {@link Rule#C1}. */
  @Checks(
      value = Rule.C1,
      needs = {Capability.TIME_LIMITS, Capability.RANKS_AS_PROCESSES})
  public final void close_does_not_wait_for_a_rank_that_is_stopped() {
    Assumptions.assumeTrue(backend().mode() == RankMode.PROCESSES, "threads can't be stopped");
    ranks(
        2,
        rank -> {
          Joined joined = Joined.open(rank);
          joined.allocate(BYTES);
          if (rank.rank() == 0) {
            rank.await("stops");
            BarrierContract.linger();
            closesInTime(rank, joined, "while the other is stopped");
          } else {
            rank.post("stops", "");
            rank.freeze(TimeScale.scaled(Duration.ofMillis(600)));
            joined.close();
          }
        });
  }

  /** A rank may find that others still hold what it must free, but not wait for them longer. */
  private static void closesInTime(TestRank rank, Joined joined, String when) {
    String what = rank + ": close() " + when;
    long start = System.nanoTime();
    try {
      joined.session().close(Joined.limit(Groups.SHORT));
    } catch (BackendFailure e) {
      if (!(e.failure() instanceof Failure.TimedOut)) {
        throw new AssertionFailedError(
            what + " must return or fail with TimedOut, but failed with " + e.failure(), e);
      }
    }
    Groups.isInTime(what, Groups.SHORT, Duration.ofNanos(System.nanoTime() - start));
  }

  /** See {@link Rule#C2}. */
  @Checks(Rule.C2)
  public final void no_file_is_left() {
    Places places = new Places(backend());
    Assumptions.assumeTrue(backend().maxRanks() >= 2, "it takes 2 ranks");
    RankReport report = pool().run(2, RUN, rank -> live(rank, "", true));
    report.check();
    places.assertClean(report);
  }

  /** See {@link Rule#C2}. */
  @Checks(Rule.C2)
  public final void no_file_is_left_of_a_group_that_broke() {
    Places places = new Places(backend());
    Assumptions.assumeTrue(backend().maxRanks() >= 2, "it takes 2 ranks");
    RankReport report =
        pool()
            .run(
                2,
                RUN,
                rank -> {
                  try (Joined joined = Joined.open(rank)) {
                    joined.allocate(BYTES);
                    breaks(rank, joined);
                  }
                });
    report.check();
    places.assertClean(report);
  }

  /** A group's life, with windows whose pages are there. */
  private static BackendWindows live(TestRank rank, String group, boolean closesWindows)
      throws BackendFailure {
    try (Joined joined = Groups.open(rank, group)) {
      BackendWindows windows = joined.allocate(BYTES);
      byte[] bytes = new byte[(int) BYTES];
      Joined.memory(windows, rank.rank()).put(0, bytes, 0, bytes.length);
      joined.barrier();
      if (closesWindows) {
        windows.close(Joined.limit(Joined.LONG));
      }
      return windows;
    }
  }

  /** Ranks that ask for different sizes fail, without waiting. */
  private static void breaks(TestRank rank, Joined joined) {
    Joined.fails(
        Failure.class,
        rank + ": an allocation with different sizes",
        () -> joined.allocate(BYTES * (1 + rank.rank())));
  }

  /** See {@link Rule#C3}. */
  @Checks(Rule.C3)
  public final void opening_and_closing_again_and_again_takes_no_more() {
    ranks(
        2,
        rank -> {
          for (int round = 0; round < WARM_UP; round++) {
            live(rank, "warm-up" + round, true);
          }
          rank.meet("warm");
          Footprint before = Footprint.now();
          rank.meet("begun");
          for (int round = 0; round < ROUNDS; round++) {
            live(rank, "round" + round, true);
          }
          rank.meet("done");
          before.holdsAfter(ROUNDS, rank + ": opening and closing");
          rank.meet("seen");
        });
  }

  /** See {@link Rule#C4}. */
  @Checks(Rule.C4)
  public final void close_frees_windows_that_are_open() {
    Places places = new Places(backend());
    Assumptions.assumeTrue(backend().maxRanks() >= 2, "it takes 2 ranks");
    RankReport report =
        pool()
            .run(
                2,
                RUN,
                rank -> {
                  live(rank, "warm-up", true);
                  rank.meet("warm");
                  Footprint before = Footprint.now();
                  rank.meet("begun");
                  List<BackendWindows> all = new ArrayList<>();
                  try {
                    for (int round = 0; round < ROUNDS; round++) {
                      all.add(live(rank, "round" + round, false));
                    }
                    rank.meet("done");
                    before.sharesNoMoreAfter(
                        ROUNDS, BYTES, rank + ": opening and closing with windows that stay open");
                  } finally {
                    // The windows must be free although somebody still has them.
                    Reference.reachabilityFence(all);
                  }
                  rank.meet("seen");
                });
    report.check();
    places.assertClean(report);
  }

  /** See {@link Rule#C5}. */
  @Checks(value = Rule.C5, needs = Capability.DEATH_NOTICE)
  public final void close_works_after_a_failure() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Groups.open(rank, "differs")) {
            joined.allocate(BYTES);
            breaks(rank, joined);
          }
          try (Joined joined = Groups.open(rank, "left")) {
            joined.allocate(BYTES);
            if (rank.rank() == 0) {
              Joined.fails(
                  Failure.class, rank + ": a barrier that rank 1 never enters", joined::barrier);
            }
          }
          try (Joined joined = Joined.open(rank)) {
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#C6}. */
  @Checks(value = Rule.C6, needs = Capability.DEATH_NOTICE)
  public final void a_rank_that_has_closed_has_left() {
    ranks(
        3,
        rank -> {
          Joined joined = Joined.open(rank);
          joined.barrier();
          if (rank.rank() == 1) {
            joined.close();
          }
          rank.meet("closed");
          if (rank.rank() != 1) {
            assertEquals(
                List.of("0 alive", "1 left", "2 alive"),
                Groups.states(joined.session().peers()),
                rank + ": peers() after rank 1 has closed");
          }
          rank.meet("seen");
          if (rank.rank() != 1) {
            joined.close();
          }
        });
  }

  /** See {@link Rule#C7}. */
  @Checks(value = Rule.C7, needs = Capability.HOST_MEMORY)
  public final void a_view_can_be_used_after_close() {
    ranks(
        2,
        rank -> {
          List<ByteBuffer> views = viewsOfClosed(rank);
          rank.meet("closed");
          System.gc();
          try (Joined joined = Groups.open(rank, "next")) {
            // Were the memory used again, this would be seen in the views, and the other way round.
            BackendWindows windows = joined.allocate(BYTES);
            fill(rank, windows, 7);
            joined.barrier();
            for (int owner = 0; owner < rank.size(); owner++) {
              for (int i = 0; i < BYTES; i += 512) {
                assertEquals(
                    1 + owner,
                    views.get(owner).get(i),
                    rank
                        + ": byte "
                        + i
                        + " of a view of rank "
                        + owner
                        + "'s window after close()");
              }
            }
            rank.meet("read");
            views.get(rank.rank()).putLong(0, -1);
            rank.meet("written");
            assertEquals(
                0x0707070707070707L,
                Joined.memory(windows, rank.rank()).getLong(0),
                rank + ": a later window after a view of a closed one was written");
            windows.close(Joined.limit(Joined.LONG));
          }
        });
  }

  private static void fill(TestRank rank, BackendWindows windows, int value) {
    byte[] bytes = new byte[(int) BYTES];
    Arrays.fill(bytes, (byte) value);
    Joined.memory(windows, rank.rank()).put(0, bytes, 0, bytes.length);
  }

  private static List<ByteBuffer> viewsOfClosed(TestRank rank) throws BackendFailure {
    try (Joined joined = Joined.open(rank)) {
      BackendWindows windows = joined.allocate(BYTES);
      fill(rank, windows, 1 + rank.rank());
      joined.barrier();
      List<ByteBuffer> views = new ArrayList<>();
      for (int owner = 0; owner < rank.size(); owner++) {
        views.add(Joined.memory(windows, owner).view(0, (int) BYTES));
      }
      windows.close(Joined.limit(Joined.LONG));
      return views;
    }
  }

  /** See {@link Rule#C8}. */
  @Checks(value = Rule.C8, needs = Capability.INTERRUPTIBLE)
  public final void closing_ends_a_wait_of_another_thread() {
    ranks(
        2,
        rank -> {
          Joined joined = Joined.open(rank);
          BackendWindows windows = joined.allocate(BYTES);
          if (rank.rank() == 0) {
            Aside<Failure.Cancelled> barrier = waits(rank, "a barrier", joined::barrier);
            Aside<Failure.Cancelled> signal =
                waits(
                    rank,
                    "await()",
                    () -> windows.await(0, 0, Comparison.EQ, 1, Joined.limit(Joined.LONG)));
            BarrierContract.linger();
            joined.session().cancel();
            barrier.result(Aside.PROMPT);
            signal.result(Aside.PROMPT);
            windows.close(Joined.limit(Joined.LONG));
            joined.close();
            rank.meet("closed");
          } else {
            rank.meet("closed");
            joined.close();
          }
        });
  }

  private static Aside<Failure.Cancelled> waits(TestRank rank, String call, Joined.Call wait) {
    String what = rank + ": " + call + " of a group that is closed meanwhile";
    Aside<Failure.Cancelled> waiting =
        Aside.start(
            what,
            () -> {
              rank.post(call, "");
              return Joined.fails(Failure.Cancelled.class, what, wait);
            });
    rank.await(call);
    return waiting;
  }
}

package comm.testkit.conformance;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.testkit.Capability;
import comm.testkit.RankReport;
import comm.testkit.TestRank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/** Section S of the backend contract: how ranks become a group. */
public abstract class SessionContract extends Contract {

  private static final Duration RUN = Duration.ofSeconds(60);
  private static final long BYTES = 4096;

  /** For subclasses. */
  protected SessionContract() {
    super("S");
  }

  /** See {@link Rule#S1}. */
  @Checks(Rule.S1)
  public final void open_returns_on_every_rank() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#S2}. */
  @Checks(value = Rule.S2, needs = Capability.WAITING_JOIN)
  public final void open_waits_for_the_last_rank() {
    ranks(
        3,
        rank -> {
          for (int last = 0; last < rank.size(); last++) {
            String group = "last" + last;
            if (rank.rank() == last) {
              for (int other = 0; other < rank.size(); other++) {
                if (other != last) {
                  rank.await(group + " without " + other);
                }
              }
              BarrierContract.linger();
              rank.post(group + " comes", "");
            } else {
              rank.post(group + " without " + rank.rank(), "");
            }
            try (Joined joined = Groups.open(rank, group)) {
              assertTrue(
                  rank.peek(group + " comes").isPresent(),
                  rank + ": open() must wait for rank " + last + ", but returned before it came");
              joined.barrier();
            }
          }
        });
  }

  /** See {@link Rule#S3}. */
  @Checks(value = Rule.S3, needs = Capability.TIME_LIMITS)
  public final void open_that_runs_out_of_time_names_who_is_missing() {
    ranks(3, rank -> runsOutOfTime(rank, 2));
  }

  /** See {@link Rule#S3}. */
  @Checks(value = Rule.S3, needs = Capability.TIME_LIMITS)
  public final void open_that_runs_out_of_time_without_rank_0_names_it() {
    ranks(3, rank -> runsOutOfTime(rank, 0));
  }

  private static void runsOutOfTime(TestRank rank, int missing) throws BackendFailure {
    Groups.warmUp(rank);
    if (rank.rank() != missing) {
      Groups.timesOut(rank, "", missing);
    }
  }

  /** See {@link Rule#S4}. */
  @Checks(value = Rule.S4, needs = Capability.CHECKED_JOINING)
  public final void ranks_with_different_sizes_all_fail() {
    ranks(
        2,
        rank -> {
          differ(rank, "larger", rank.rank() == 0 ? 2 : 3);
          differ(rank, "smaller", rank.rank() == 0 ? 3 : 2);
        });
  }

  private static Failure.Mismatch differ(TestRank rank, String group, int size) {
    String what = rank + ": open() as one of " + size + " while others say otherwise";
    Failure.Mismatch mismatch =
        Joined.fails(
            Failure.Mismatch.class,
            what,
            () -> Groups.session(rank, group, rank.rank(), size, Joined.LONG));
    assertEquals(
        Set.of("2", "3"), Set.of(mismatch.value(), mismatch.otherValue()), what + ": the sizes");
    return mismatch;
  }

  /** See {@link Rule#S4}. */
  @Checks(value = Rule.S4, needs = Capability.CHECKED_JOINING)
  public final void a_rank_that_waits_fails_when_others_have_different_sizes() {
    ranks(
        3,
        rank -> {
          if (rank.rank() == 1) {
            rank.await("waits 0");
            rank.await("waits 2");
            BarrierContract.linger();
          } else {
            rank.post("waits " + rank.rank(), "");
          }
          if (rank.rank() == 2) {
            // It may come after the others have failed, and find nobody.
            Joined.fails(
                Failure.class,
                rank + ": open() of a group with different sizes",
                () -> Groups.session(rank, "", rank.rank(), 3, Groups.SHORT.multipliedBy(3)));
          } else {
            differ(rank, "", rank.rank() == 0 ? 3 : 2);
          }
        });
  }

  /** See {@link Rule#S5}. */
  @Checks(value = Rule.S5, needs = Capability.CHECKED_JOINING)
  public final void a_rank_that_comes_twice_fails() {
    ranks(
        3,
        rank -> {
          if (rank.rank() == 0) {
            // With a size of 3 the group can't form before the second one comes.
            Joined.fails(
                Failure.class,
                rank + ": open() of a group where rank 1 comes twice",
                () -> Groups.session(rank, "", 0, 3, Joined.LONG));
          } else {
            comesTwice(rank, 1, 3);
          }
        });
  }

  /** See {@link Rule#S5}. */
  @Checks(value = Rule.S5, needs = Capability.CHECKED_JOINING)
  public final void a_rank_0_that_comes_twice_fails() {
    ranks(2, rank -> comesTwice(rank, 0, 2));
  }

  private static void comesTwice(TestRank rank, int asRank, int size) {
    String what = rank + ": open() as rank " + asRank + ", like another one";
    Failure.Mismatch mismatch =
        Joined.fails(
            Failure.Mismatch.class,
            what,
            () -> Groups.session(rank, "", asRank, size, Joined.LONG));
    assertEquals(
        List.of(asRank, asRank),
        List.of(mismatch.rank(), mismatch.otherRank()),
        what + ": the ranks of the mismatch");
  }

  /** See {@link Rule#S6}. */
  @Checks(Rule.S6)
  public final void groups_at_different_paths_stay_apart() {
    ranks(
        4,
        rank -> {
          int group = rank.rank() % 2;
          try (Joined joined = Groups.open(rank, "group" + group, rank.rank() / 2, 2)) {
            assertEquals(
                Groups.allAlive(2),
                Groups.states(joined.session().peers()),
                rank + ": the ranks of group " + group);
            BackendWindows windows = joined.allocate(BYTES);
            Joined.memory(windows, 1 - rank.rank() / 2).putLong(0, 10 + group);
            joined.barrier();
            assertEquals(
                10 + group,
                Joined.memory(windows, rank.rank() / 2).getLong(0),
                rank + ": what came from its own group " + group);
            windows.close(Joined.limit(Joined.LONG));
          }
        });
  }

  /** See {@link Rule#S7}. */
  @Checks(Rule.S7)
  public final void a_path_can_be_used_again_and_again() {
    ranks(
        3,
        rank -> {
          for (int round = 0; round < 5; round++) {
            use(rank, round);
            rank.meet("closed " + round);
          }
        });
  }

  private static void use(TestRank rank, int round) throws BackendFailure {
    try (Joined joined = Joined.open(rank)) {
      String what = rank + ": group " + round + " at one path: ";
      assertEquals(
          Groups.allAlive(rank.size()),
          Groups.states(joined.session().peers()),
          what + "its ranks");
      BackendWindows windows = joined.allocate(BYTES);
      byte[] bytes = new byte[(int) BYTES];
      Joined.memory(windows, rank.rank()).get(0, bytes, 0, bytes.length);
      assertEquals(
          -1,
          Arrays.mismatch(bytes, new byte[bytes.length]),
          what + "the first byte of its window that isn't 0");
      joined.barrier();
      Arrays.fill(bytes, (byte) 0x5A);
      Joined.memory(windows, (rank.rank() + 1) % rank.size()).put(0, bytes, 0, bytes.length);
      joined.barrier();
      windows.close(Joined.limit(Joined.LONG));
    }
  }

  /** See {@link Rule#S7}. */
  @Checks(Rule.S7)
  public final void a_path_can_be_used_again_after_a_group_has_broken() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            if (rank.rank() != 1) {
              Joined.fails(Failure.class, rank + ": a barrier without rank 1", joined::barrier);
            }
          }
          rank.meet("closed");
          use(rank, 1);
        });
  }

  /** See {@link Rule#S8}. */
  @Checks(Rule.S8)
  public final void peers_has_every_rank_and_never_waits() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            if (rank.rank() == 0) {
              Aside<String> barrier =
                  Aside.start(
                      rank + ": a barrier",
                      () -> {
                        rank.post("in barrier", "");
                        joined.barrier();
                        return "";
                      });
              rank.await("in barrier");
              BarrierContract.linger();
              sees(rank, joined, "while it waits in a barrier");
              rank.meet("seen");
              barrier.result(Joined.LONG);
            } else {
              sees(rank, joined, "while nobody answers");
              rank.meet("seen");
              joined.barrier();
            }
          }
        });
  }

  private static void sees(TestRank rank, Joined joined, String when) throws InterruptedException {
    String what = rank + ": peers() " + when;
    assertEquals(
        Groups.allAlive(rank.size()),
        Groups.states(Aside.promptly(what, () -> joined.session().peers())),
        what);
  }

  /** See {@link Rule#S9}. */
  @Checks(value = Rule.S9, needs = Capability.TIME_LIMITS)
  public final void nothing_is_left_of_an_open_without_the_last_rank() {
    leavesNothing(2);
  }

  /** See {@link Rule#S9}. */
  @Checks(value = Rule.S9, needs = Capability.TIME_LIMITS)
  public final void nothing_is_left_of_an_open_without_rank_0() {
    leavesNothing(0);
  }

  private void leavesNothing(int missing) {
    Assumptions.assumeTrue(backend().maxRanks() >= 3, "it takes 3 ranks");
    Places places = new Places(backend());
    RankReport report =
        pool()
            .run(
                3,
                RUN,
                rank -> {
                  if (rank.rank() != missing) {
                    Joined.fails(
                        Failure.TimedOut.class,
                        rank + ": open() without rank " + missing,
                        () -> Groups.session(rank, "", rank.rank(), rank.size(), Groups.SHORT));
                  }
                  rank.meet("failed");
                  assertEquals(
                      List.of(),
                      beside(rank.rootInfo("")),
                      rank + ": what is beside the root info file after open() has failed");
                  rank.meet("seen");
                  try (Joined joined = Joined.open(rank)) {
                    joined.barrier();
                  }
                });
    report.check();
    places.assertClean(report);
  }

  private static List<String> beside(Path rootInfo) throws IOException {
    try (Stream<Path> list = Files.list(requireNonNull(rootInfo.getParent()))) {
      return list.map(Path::toString).sorted().toList();
    }
  }

  /** See {@link Rule#S10}. */
  @Checks(Rule.S10)
  public final void a_rank_can_be_alone() {
    ranks(
        1,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            joined.barrier();
            assertEquals(
                Groups.allAlive(1), Groups.states(joined.session().peers()), rank + ": its group");
            joined.allocate(BYTES).close(Joined.limit(Joined.LONG));
          }
        });
  }

  /** See {@link Rule#S11}. */
  @Checks(Rule.S11)
  public final void a_group_has_as_many_ranks_as_are_declared() {
    ranks(
        backend().maxRanks(),
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            joined.barrier();
            assertEquals(
                rank.size(), joined.session().peers().size(), rank + ": the number of its peers");
            rank.meet("counted");
          }
        });
  }

  /** See {@link Rule#S12}. */
  @Checks(value = Rule.S12, needs = Capability.INTERRUPTIBLE)
  public final void open_ends_when_it_is_interrupted() {
    ranks(
        2,
        rank -> {
          Thread opening = Thread.currentThread();
          Aside<String> interrupter =
              Aside.start(
                  rank + ": the thread that interrupts",
                  () -> {
                    BarrierContract.linger();
                    opening.interrupt();
                    return "";
                  });
          Joined.fails(
              Failure.Interrupted.class,
              rank + ": open() that is interrupted while the other rank is missing",
              () ->
                  Groups.session(
                      rank, "alone" + rank.rank(), rank.rank(), rank.size(), Joined.LONG));
          assertTrue(
              Thread.interrupted(), rank + ": the flag of the interrupted thread must be set");
          interrupter.result(Joined.LONG);
          rank.meet("interrupted");
          try (Joined joined = Joined.open(rank)) {
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#S13}. */
  @Checks(Rule.S13)
  public final void garbage_at_the_path_makes_nobody_hang() {
    ranks(
        2,
        rank -> {
          Groups.warmUp(rank);
          for (String kind : List.of("empty", "text", "binary", "directory")) {
            if (rank.rank() == 0) {
              litter(rank.rootInfo(kind), kind);
            }
            rank.meet(kind);
            meetsGarbage(rank, kind);
            rank.meet("done with " + kind);
          }
        });
  }

  private static void litter(Path path, String kind) throws IOException {
    byte[] binary = new byte[5000];
    for (int i = 0; i < binary.length; i++) {
      binary[i] = (byte) (i * 31);
    }
    switch (kind) {
      case "empty" -> Files.createFile(path);
      case "text" -> Files.writeString(path, "rank 0 was here\n".repeat(50));
      case "binary" -> Files.write(path, binary);
      default -> Files.createDirectory(path);
    }
  }

  private static void meetsGarbage(TestRank rank, String kind) {
    String what = rank + ": open() with garbage at the path (" + kind + ")";
    long start = System.nanoTime();
    try (Joined joined =
        Joined.of(Groups.session(rank, kind, rank.rank(), rank.size(), Groups.SHORT))) {
      Groups.isInTime(what, Groups.SHORT, Duration.ofNanos(System.nanoTime() - start));
      joined.session().peers();
    } catch (BackendFailure e) {
      Groups.isInTime(what, Groups.SHORT, Duration.ofNanos(System.nanoTime() - start));
      if (!(e.failure() instanceof Failure.Rendezvous || e.failure() instanceof Failure.TimedOut)) {
        throw new AssertionFailedError(
            what + " must lead to Rendezvous, TimedOut or a group, but failed with " + e.failure(),
            e);
      }
    } catch (RuntimeException e) {
      throw new AssertionFailedError(
          what + " must lead to Rendezvous, TimedOut or a group, but threw " + e, e);
    }
  }
}

package comm.testkit.conformance;

import comm.api.Comparison;
import comm.testkit.Capability;
import java.util.SplittableRandom;

/**
 * Section M of the backend contract: when a rank sees what another wrote. Each of these tests hands
 * over changing values many times, since a missing fence shows only now and then.
 */
public abstract class MemoryContract extends Contract {

  private static final int PAGE = 4096;
  private static final int ROUNDS = 300;

  /** For subclasses. */
  protected MemoryContract() {
    super("M");
  }

  /** See {@link Rule#M1}. */
  @Checks(Rule.M1)
  public final void a_barrier_shows_all_that_was_written_before_it() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, 4 * PAGE)) {
            for (int round = 1; round <= ROUNDS; round++) {
              for (int owner = 0; owner < rank.size(); owner++) {
                MessagePassing.write(windows, owner, rank.rank(), round);
              }
              joined.barrier();
              for (int owner = 0; owner < rank.size(); owner++) {
                for (int writer = 0; writer < rank.size(); writer++) {
                  MessagePassing.expect(
                      windows, owner, writer, round, "after the barrier of round " + round);
                }
              }
              joined.barrier();
            }
          }
        });
  }

  /** See {@link Rule#M2}. */
  @Checks(Rule.M2)
  public final void a_barrier_hides_all_that_is_written_after_it() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE)) {
            SplittableRandom random = new SplittableRandom(rank.rank());
            for (int round = 1; round <= ROUNDS; round++) {
              for (int owner = 0; owner < rank.size(); owner++) {
                windows.of(owner).putLong(64L * rank.rank(), round);
              }
              MessagePassing.spin(random.nextInt(100_000));
              for (int owner = 0; owner < rank.size(); owner++) {
                for (int writer = 0; writer < rank.size(); writer++) {
                  long found = windows.of(owner).getLong(64L * writer);
                  if (found != round && found != round - 1) {
                    throw windows.wrong(
                        owner,
                        64L * writer,
                        round - 1 + " or " + round,
                        Long.toString(found),
                        "before the barrier of round " + round + "; rank " + writer + " wrote it");
                  }
                }
              }
              joined.barrier();
            }
          }
        });
  }

  /** See {@link Rule#M3}. */
  @Checks(Rule.M3)
  public final void a_signal_shows_all_that_was_written_before_it() {
    ranks(3, MessagePassing::bySignal);
  }

  /** See {@link Rule#M4}. */
  @Checks(Rule.M4)
  public final void a_chain_of_signals_shows_all_that_was_written_before_it() {
    ranks(3, MessagePassing::byChain);
  }

  /** See {@link Rule#M5}. */
  @Checks(value = Rule.M5, needs = Capability.ATOMICS)
  public final void an_acquire_sees_what_was_written_before_the_release() {
    ranks(2, MessagePassing::byRelease);
  }

  /** See {@link Rule#M6}. */
  @Checks(value = Rule.M6, needs = Capability.ATOMICS)
  public final void additions_and_compare_and_sets_lose_nothing() {
    ranks(4, Counting::additionsAndCompareAndSets);
  }

  /** See {@link Rule#M6}. */
  @Checks(value = Rule.M6, needs = Capability.ATOMICS)
  public final void exchanges_lose_nothing() {
    ranks(3, Counting::exchanges);
  }

  /** See {@link Rule#M7}. */
  @Checks(Rule.M7)
  public final void await_returns_the_value_that_satisfied_the_comparison() {
    ranks(2, Awaiting::everyComparison);
  }

  /** See {@link Rule#M7}. */
  @Checks(Rule.M7)
  public final void await_returns_values_of_a_word_that_goes_on_changing() {
    ranks(2, Awaiting::aChangingWord);
  }

  /** See {@link Rule#M8}. */
  @Checks(Rule.M8)
  public final void no_signal_is_lost_on_a_rank_that_is_about_to_sleep() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE)) {
            SplittableRandom random = new SplittableRandom(17 + rank.rank());
            int other = 1 - rank.rank();
            for (int round = 1; round <= 200; round++) {
              // Every fourth pause is long enough for a rank that spins before it sleeps.
              MessagePassing.spin(random.nextInt(round % 4 == 0 ? 400_000 : 50_000));
              if (rank.rank() == 0) {
                windows.set(other, 8, round);
                windows.await(0, 8, Comparison.EQ, round);
              } else {
                windows.await(1, 8, Comparison.EQ, round);
                windows.set(other, 8, round);
              }
            }
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#M9}. */
  @Checks(value = Rule.M9, needs = Capability.SIGNAL_ADD)
  public final void signals_that_add_lose_nothing() {
    ranks(3, Counting::signals);
  }

  /** See {@link Rule#M10}. */
  @Checks(value = Rule.M10, needs = Capability.TIME_LIMITS)
  public final void an_await_that_runs_out_of_time_breaks_nothing() {
    ranks(3, Awaiting::runsOutOfTime);
  }

  /** See {@link Rule#M11}. */
  @Checks(Rule.M11)
  public final void a_race_gives_bytes_of_what_was_put_and_nothing_else() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, 2 * PAGE)) {
            byte[] even = Allocated.pattern(1, PAGE);
            byte[] odd = Allocated.pattern(2, PAGE);
            joined.barrier();
            for (int round = 0; round < ROUNDS; round++) {
              if (rank.rank() < 2) {
                windows.put(2, 7, rank.rank() == 0 ? even : odd);
              } else {
                byte[] found = windows.get(2, 7, PAGE);
                for (int i = 0; i < PAGE; i++) {
                  if (found[i] != even[i] && found[i] != odd[i] && found[i] != 0) {
                    throw windows.wrong(
                        2,
                        7 + i,
                        even[i] + ", " + odd[i] + " or 0",
                        Byte.toString(found[i]),
                        "while ranks 0 and 1 were putting, get " + round);
                  }
                }
              }
            }
            joined.barrier();
            byte[] left = windows.get(2, 7, PAGE);
            for (int i = 0; i < PAGE; i++) {
              if (left[i] != even[i] && left[i] != odd[i]) {
                throw windows.wrong(
                    2,
                    7 + i,
                    even[i] + " or " + odd[i],
                    Byte.toString(left[i]),
                    "after ranks 0 and 1 had put");
              }
            }
            windows.expectZero(2, 7 + PAGE, 64, "behind what ranks 0 and 1 put");
            joined.barrier();
          }
        });
  }
}

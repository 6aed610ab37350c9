package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.testkit.Capability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;

/** Section W of the backend contract: what windows are and how they are allocated. */
public abstract class WindowContract extends Contract {

  private static final int PAGE = 4096;

  /** Windows may be larger than what was asked for, by more than is worth looking at. */
  private static final int LOOK = 1 << 20;

  /** For subclasses. */
  protected WindowContract() {
    super("W");
  }

  /** See {@link Rule#W1}. */
  @Checks(Rule.W1)
  public final void windows_are_as_large_as_asked_for_and_equal() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            for (long asked : new long[] {1, 7, PAGE, PAGE + 1, LOOK + 1}) {
              try (Allocated windows = Allocated.of(rank, joined, asked)) {
                long size = windows.windows().size();
                assertTrue(size >= asked, rank + " asked for " + asked + " bytes and got " + size);
                rank.post("size " + asked + " " + rank.rank(), Long.toString(size));
                for (int other = 0; other < rank.size(); other++) {
                  assertEquals(
                      rank.await("size " + asked + " " + other),
                      Long.toString(size),
                      rank + " asked for " + asked + " bytes: size() there and on rank " + other);
                }
              }
            }
          }
        });
  }

  /** See {@link Rule#W2}. */
  @Checks(value = Rule.W2, needs = Capability.MANY_ALLOCATIONS)
  public final void windows_are_zero_also_when_memory_is_used_again() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            for (int round = 0; round < 6; round++) {
              try (Allocated windows = Allocated.of(rank, joined, 3 * PAGE + 40)) {
                int length = (int) Math.min(LOOK, windows.windows().size());
                for (int owner = 0; owner < rank.size(); owner++) {
                  windows.expectZero(owner, 0, length, "new in allocation " + round);
                }
                joined.barrier();
                byte[] dirt = new byte[length];
                Arrays.fill(dirt, (byte) 0xA5);
                windows.put((rank.rank() + round) % rank.size(), 0, dirt);
                joined.barrier();
              }
            }
          }
        });
  }

  /** See {@link Rule#W2}. */
  @Checks(value = Rule.W2, needs = Capability.MANY_ALLOCATIONS)
  public final void nobody_clears_what_a_rank_puts_into_its_own_window_at_once() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            for (int round = 0; round < 20; round++) {
              try (Allocated windows = Allocated.of(rank, joined, PAGE)) {
                windows.put(rank.rank(), 0, Allocated.pattern(rank.rank(), PAGE));
                joined.barrier();
                for (int owner = 0; owner < rank.size(); owner++) {
                  windows.expect(
                      owner, 0, Allocated.pattern(owner, PAGE), "put at once, round " + round);
                }
              }
            }
          }
        });
  }

  /** See {@link Rule#W3}. */
  @Checks(Rule.W3)
  public final void the_context_tells_of_all_windows() {
    ranks(
        4,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE + 1)) {
            CommContext context = windows.windows().context();
            assertEquals(rank.rank(), context.rankId(), rank + ": rankId");
            assertEquals(rank.size(), context.rankNum(), rank + ": rankNum");
            assertEquals(windows.windows().size(), context.winSize(), rank + ": winSize");
            List<Long> in = context.windowsIn();
            assertTrue(!in.contains(0L), rank + ": an address is 0 in windowsIn=" + in);
            assertEquals(
                rank.size(),
                new HashSet<>(in).size(),
                rank + ": different ones in windowsIn=" + in);
            List<Long> out = context.windowsOut();
            assertTrue(
                out.equals(in) || out.stream().allMatch(address -> address == 0),
                rank + ": windowsOut=" + out + " is neither 0 nor windowsIn=" + in);
          }
        });
  }

  /** See {@link Rule#W4}. */
  @Checks(value = Rule.W4, needs = Capability.SAME_ADDRESSES)
  public final void addresses_are_the_same_on_every_rank() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            for (int round = 0; round < 4; round++) {
              try (Allocated windows = Allocated.of(rank, joined, PAGE << round)) {
                String own = windows.windows().context().windowsIn().toString();
                rank.post("addresses " + round + " " + rank.rank(), own);
                for (int other = 0; other < rank.size(); other++) {
                  assertEquals(
                      rank.await("addresses " + round + " " + other),
                      own,
                      rank + ": windowsIn of allocation " + round + " on rank " + other);
                }
              }
            }
          }
        });
  }

  /**
   * See {@link Rule#W5}. What stands at the address can't be read from Java without native code,
   * and not at all where it is a device's memory. So this looks at the address alone: that it is
   * there, stays, and isn't that of another allocation, whose context is another.
   */
  @Checks(Rule.W5)
  public final void the_device_context_has_an_address_of_its_own() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated first = Allocated.of(rank, joined, PAGE);
              Allocated second = Allocated.of(rank, joined, 2 * PAGE)) {
            long address = first.windows().deviceContext();
            assertNotEquals(0, address, rank + ": deviceContext()");
            assertNotEquals(0, second.windows().deviceContext(), rank + ": deviceContext()");
            assertNotEquals(
                address,
                second.windows().deviceContext(),
                rank + ": deviceContext() of two allocations");
            joined.barrier();
            assertEquals(
                address, first.windows().deviceContext(), rank + ": deviceContext() called again");
          }
        });
  }

  /** See {@link Rule#W6}. */
  @Checks(Rule.W6)
  public final void any_rank_gets_what_any_rank_has_put() {
    ranks(3, WindowBytes::getWhatWasPut);
  }

  /** See {@link Rule#W6}. */
  @Checks(Rule.W6)
  public final void the_last_bytes_of_a_window_are_there_too() {
    ranks(3, WindowBytes::getTheLastBytes);
  }

  /** See {@link Rule#W7}. */
  @Checks(Rule.W7)
  public final void no_windows_overlap() {
    ranks(3, WindowBytes::nothingOverlaps);
  }

  /** See {@link Rule#W8}. */
  @Checks(Rule.W8)
  public final void every_copy_and_signal_reaches_the_window_it_is_meant_for() {
    ranks(
        4,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE)) {
            int own = rank.rank();
            for (int owner = 0; owner < rank.size(); owner++) {
              windows.of(owner).putLong(8L * own, 100L * owner + own + 1);
              windows.set(owner, 512 + 8L * own, 1000L * owner + own + 1);
            }
            joined.barrier();
            for (int owner = 0; owner < rank.size(); owner++) {
              for (int writer = 0; writer < rank.size(); writer++) {
                windows.expectLong(
                    owner, 8L * writer, 100L * owner + writer + 1, "put by rank " + writer);
                long word = 1000L * owner + writer + 1;
                windows.expectLong(owner, 512 + 8L * writer, word, "set by rank " + writer);
                long awaited = windows.await(owner, 512 + 8L * writer, Comparison.NE, 0);
                windows.expectLong(owner, 512 + 8L * writer, word, awaited, "as await() tells");
              }
            }
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#W8}. */
  @Checks(value = Rule.W8, needs = Capability.ATOMICS)
  public final void every_atomic_reaches_the_window_it_is_meant_for() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE)) {
            for (int owner = 0; owner < rank.size(); owner++) {
              windows.of(owner).getAndAddLong(0, 100L * owner + rank.rank() + 1);
            }
            joined.barrier();
            int sum = rank.size() * (rank.size() + 1) / 2;
            for (int owner = 0; owner < rank.size(); owner++) {
              windows.expectLong(
                  owner,
                  0,
                  100L * owner * rank.size() + sum,
                  windows.of(owner).getLongAcquire(0),
                  "after every rank added");
            }
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#W9}. */
  @Checks(value = Rule.W9, needs = Capability.CHECKED_JOINING)
  public final void different_sizes_are_a_mismatch_with_both_values() {
    ranks(3, AllocationCases::differentSizes);
  }

  /** See {@link Rule#W10}. */
  @Checks(Rule.W10)
  public final void too_large_an_allocation_fails_on_every_rank() {
    ranks(3, AllocationCases::tooLarge);
  }

  /** See {@link Rule#W11}. */
  @Checks(Rule.W11)
  public final void windows_stay_when_one_rank_has_closed_its_own() {
    ranks(3, AllocationCases::oneCloses);
  }

  /** See {@link Rule#W12}. */
  @Checks(Rule.W12)
  public final void typed_accesses_see_little_endian_bytes() {
    ranks(2, TypedAccess::seesTheSameBytes);
  }

  /** See {@link Rule#W12}. */
  @Checks(value = Rule.W12, needs = Capability.ATOMICS)
  public final void atomics_see_little_endian_bytes() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE)) {
            int other = 1 - rank.rank();
            windows.of(other).putLongRelease(8, 0x0102030405060708L);
            windows.of(other).putIntRelease(16, 0x0A0B0C0D);
            joined.barrier();
            windows.expect(
                rank.rank(), 8, new byte[] {8, 7, 6, 5, 4, 3, 2, 1, 13, 12, 11, 10}, "released");
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#W13}. */
  @Checks(value = Rule.W13, needs = Capability.HOST_MEMORY)
  public final void a_view_shares_its_memory_with_the_window() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, 2 * PAGE)) {
            int own = rank.rank();
            int other = 1 - own;
            for (int offset : new int[] {0, 3, PAGE - 1, 2 * PAGE - 100}) {
              String view = rank + ": a view of 100 bytes at " + offset;
              ByteBuffer mine = windows.of(own).view(offset, 100);
              ByteBuffer theirs = windows.of(other).view(offset, 100);
              assertEquals(100, mine.remaining(), view + ": remaining");
              assertEquals(ByteOrder.LITTLE_ENDIAN, mine.order(), view + ": order");
              byte[] bytes = Allocated.pattern(100L * offset + own, 40);
              byte[] answer = Allocated.pattern(100L * offset + other, 40);
              theirs.put(0, bytes);
              windows.put(other, offset + 60, bytes);
              joined.barrier();
              windows.expect(own, offset, answer, "put through a view by rank " + other);
              byte[] found = new byte[40];
              mine.get(60, found);
              windows.expect(own, offset + 60, answer, found, "read through a view");
              joined.barrier();
            }
          }
        });
  }

  /** See {@link Rule#W14}. */
  @Checks(Rule.W14)
  public final void windows_start_at_page_boundaries() {
    ranks(
        3,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated one = Allocated.of(rank, joined, 1);
              Allocated more = Allocated.of(rank, joined, PAGE + 8)) {
            List<Long> odd =
                Stream.of(one, more)
                    .flatMap(windows -> windows.windows().context().windowsIn().stream())
                    .filter(address -> address % PAGE != 0)
                    .toList();
            assertEquals(List.of(), odd, rank + ": addresses not divisible by " + PAGE);
          }
        });
  }

  /** See {@link Rule#W15}. */
  @Checks(Rule.W15)
  public final void attributes_have_no_nulls_and_wait_for_nobody() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank);
              Allocated windows = Allocated.of(rank, joined, PAGE)) {
            if (rank.rank() == 0) {
              // Nobody else calls the backend meanwhile: whoever waits here does so for good.
              for (Map.Entry<String, String> one : windows.windows().attributes().entrySet()) {
                if (Stream.of(one.getKey(), one.getValue()).anyMatch(text -> text == null)) {
                  throw new AssertionFailedError(rank + ": an attribute is null: " + one);
                }
              }
              rank.post("looked", "");
            }
            rank.await("looked");
            joined.barrier();
          }
        });
  }

  /** See {@link Rule#W16}. */
  @Checks(value = Rule.W16, needs = Capability.TIME_LIMITS)
  public final void an_allocation_that_runs_out_of_time_names_who_is_missing() {
    ranks(3, AllocationCases::oneIsMissing);
  }

  /** See {@link Rule#W17}. */
  @Checks(Rule.W17)
  public final void allocations_live_side_by_side_and_close_alone() {
    ranks(3, AllocationCases::sideBySide);
  }
}

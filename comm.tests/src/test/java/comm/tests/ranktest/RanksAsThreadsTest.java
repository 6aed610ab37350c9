package comm.tests.ranktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Communicator;
import comm.testkit.RankMode;
import comm.testkit.TestRank;
import comm.testkit.fault.Fault;
import comm.testkit.fault.FaultAction;
import comm.testkit.fault.When;
import comm.testkit.junit.RankTest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rank tests whose ranks are threads. */
class RanksAsThreadsTest {

  private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
  private boolean isPrepared;

  @BeforeEach
  void prepare() {
    isPrepared = true;
  }

  @AfterEach
  void all_ranks_or_none_were_here() {
    assertEquals(seen.isEmpty() ? Set.of() : Set.of(0, 1, 2, 3), seen);
  }

  @RankTest(ranks = 4, backend = "sim")
  void a_token_goes_round(Communicator communicator) {
    Lessons.ring(communicator);
  }

  @RankTest(ranks = 4)
  void the_only_usable_backend_needs_no_name(Communicator communicator) {
    Lessons.allreduce(communicator);
  }

  @RankTest(ranks = 4, backend = "sim")
  void ranks_share_the_prepared_instance(TestRank rank, Communicator communicator) {
    assertEquals(rank.rank(), communicator.rank());
    assertEquals(4, rank.size());
    assertSame(RankMode.THREADS, rank.mode());
    assertTrue(isPrepared);
    seen.add(rank.rank());
  }

  @RankTest(ranks = 4, backend = "sim")
  void without_a_parameter_each_rank_still_runs_it() {
    seen.add(Integer.parseInt(Thread.currentThread().getName().substring("rank-".length())));
  }

  @RankTest(ranks = 2, backend = "sim")
  @Fault(rank = 0, at = "halfway", nth = 2, action = FaultAction.DELAY, millis = 300)
  @Fault(rank = 1, at = "open", when = When.AFTER, action = FaultAction.DELAY, millis = 1)
  @Fault(rank = 1, at = "close", when = When.AFTER, action = FaultAction.DELAY, millis = 1)
  @Fault(rank = 1, at = "allocateWindows", action = FaultAction.DELAY, millis = 1)
  @Fault(rank = 0, at = "signal", action = FaultAction.DELAY, millis = 1)
  @Fault(rank = 1, at = "await", when = When.AFTER, action = FaultAction.DELAY, millis = 1)
  void a_delayed_rank_comes_late(TestRank rank, Communicator communicator) {
    Lessons.ring(communicator);
    rank.reach("halfway");
    long start = System.nanoTime();
    rank.reach("halfway");
    if (rank.rank() == 0) {
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis >= 300, () -> millis + " ms");
    }
  }

  @Test
  void an_ordinary_test_beside_them_runs_once() {
    assertEquals("main", Thread.currentThread().getName());
  }
}

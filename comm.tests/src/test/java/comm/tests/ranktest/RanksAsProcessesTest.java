package comm.tests.ranktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import comm.api.CommTimeoutException;
import comm.api.Communicator;
import comm.api.PeerFailedException;
import comm.api.RankStatus;
import comm.testkit.RankMode;
import comm.testkit.TestRank;
import comm.testkit.fault.Fault;
import comm.testkit.fault.FaultAction;
import comm.testkit.junit.RankTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Rank tests whose ranks are processes. */
class RanksAsProcessesTest {

  private final long testPid = ProcessHandle.current().pid();
  private boolean isPrepared;

  private RanksAsProcessesTest() {}

  @BeforeEach
  void prepare() {
    isPrepared = true;
  }

  @RankTest(ranks = 3, backend = "sim", mode = RankMode.PROCESSES)
  void a_token_goes_round(Communicator communicator) {
    Lessons.ring(communicator);
  }

  @RankTest(ranks = 3, mode = RankMode.PROCESSES)
  void sums_what_all_ranks_bring(Communicator communicator) {
    Lessons.allreduce(communicator);
  }

  @RankTest(ranks = 3, backend = "sim", mode = RankMode.PROCESSES)
  void each_rank_has_an_instance_and_a_process_of_its_own(TestRank rank) {
    assertSame(RankMode.PROCESSES, rank.mode());
    assertFalse(isPrepared);
    rank.post("pid of " + rank.rank(), Long.toString(testPid));
    List<Long> pids =
        List.of(0, 1, 2).stream().map(one -> Long.parseLong(rank.await("pid of " + one))).toList();
    assertEquals(3, pids.stream().distinct().count());
  }

  @RankTest(ranks = 3, backend = "sim", mode = RankMode.PROCESSES)
  @Fault(rank = 2, at = "barrier", nth = 3, action = FaultAction.KILL)
  void survivors_learn_which_rank_was_killed(Communicator communicator) {
    communicator.barrier();
    communicator.barrier();
    PeerFailedException error = assertThrows(PeerFailedException.class, communicator::barrier);
    assertEquals(2, error.peer().rank());
    assertEquals(RankStatus.State.DEAD, error.peer().state());
  }

  @RankTest(ranks = 2, backend = "sim", mode = RankMode.PROCESSES)
  @Fault(rank = 1, at = "barrier", action = FaultAction.STOP, millis = 4000)
  void a_stopped_rank_is_alive(TestRank rank, Communicator communicator) {
    if (rank.rank() == 0) {
      CommTimeoutException error =
          assertThrows(
              CommTimeoutException.class, () -> communicator.barrier(Duration.ofMillis(500)));
      assertEquals(
          List.of(RankStatus.State.ALIVE),
          error.missing().stream().map(RankStatus::state).toList());
    } else {
      assertThrows(CommTimeoutException.class, communicator::barrier);
    }
  }

  @RankTest(ranks = 2, backend = "sim", mode = RankMode.PROCESSES)
  @Fault(rank = 1, at = "halfway", action = FaultAction.KILL)
  void a_rank_is_killed_at_a_point_of_the_tests_own(TestRank rank) {
    rank.reach("halfway");
    assertEquals(0, rank.rank());
  }
}

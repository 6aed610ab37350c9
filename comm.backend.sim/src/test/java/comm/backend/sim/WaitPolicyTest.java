package comm.backend.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WaitPolicyTest {

  @Test
  void spins_where_every_rank_can_have_a_processor() {
    assertTrue(WaitPolicy.forRanks(2, 2).spins() > 0);
    assertTrue(WaitPolicy.forRanks(2, 8).spinNanos() > 0);
  }

  @Test
  void never_spins_where_ranks_share_processors() {
    WaitPolicy policy = WaitPolicy.forRanks(3, 2);

    assertEquals(0, policy.spins());
    assertEquals(0, policy.spinNanos());
    assertTrue(policy.yieldNanos() > 0);
  }

  @Test
  void looks_for_the_dead_often_enough_to_find_them_within_a_tenth_of_a_second() {
    assertTrue(2 * (WaitPolicy.SLICE_NANOS + WaitPolicy.CHECK_NANOS) < 100_000_000);
  }
}

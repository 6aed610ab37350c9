package comm.tests.tutorial;

// @start region="test"
import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.Communicator;
import comm.testkit.BackendUnderTest;
import comm.testkit.RankPool;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DiceTest {

  @Test
  void every_throw_of_every_rank_is_counted_on_all() {
    try (RankPool pool = new RankPool(BackendUnderTest.threads("sim"))) {
      pool.run(
              4,
              Duration.ofMinutes(1),
              rank -> {
                try (Communicator communicator = Communicator.open(rank.config())) {
                  long[] counts = Dice.histogram(communicator, 1000);
                  assertEquals(4000, LongStream.of(counts).sum());
                }
              })
          .check();
    }
  }
}
// @end

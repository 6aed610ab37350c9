package comm.tests.tutorial;

// @start region="test"
import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.Communicator;
import comm.testkit.junit.RankTest;
import java.util.stream.LongStream;

class DiceTest {

  @RankTest(ranks = 4, backend = "sim")
  void every_throw_of_every_rank_is_counted_on_all(Communicator communicator) {
    long[] counts = Dice.histogram(communicator, 1000);
    assertEquals(4000, LongStream.of(counts).sum());
  }
}
// @end

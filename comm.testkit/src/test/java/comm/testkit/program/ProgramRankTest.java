package comm.testkit.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import comm.api.Communicator;
import comm.api.Comparison;
import comm.testkit.BackendUnderTest;
import comm.testkit.RankReport;
import comm.testkit.run.RankPool;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProgramRankTest {

  private static final Place PLACE = new Place(2, 0, 1, 16);

  private static void assertTold(String message, Access access, byte[] expected, byte[] actual) {
    ProgramFailure failure =
        assertThrows(
            ProgramFailure.class, () -> ProgramRank.compare("step 7", access, expected, actual));
    assertEquals(message, failure.getMessage());
  }

  @Test
  void a_wrong_read_is_told_in_bytes() {
    assertTold(
        "step 7: rank 2 got window 1 of set 0 [16, 19): expected 01 02 03, but was 01 ff 03",
        new Access.Get(PLACE, 3),
        new byte[] {1, 2, 3},
        new byte[] {1, (byte) 0xff, 3});
  }

  @Test
  void a_long_read_is_told_from_the_first_difference_on() {
    byte[] expected = new byte[100];
    byte[] actual = new byte[100];
    Arrays.fill(actual, 90, 100, (byte) 0x2a);
    assertTold(
        "step 7: rank 2 got window 1 of set 0 [106, 116): expected 00 00 00 00 00 00 00 00 00 00,"
            + " but was 2a 2a 2a 2a 2a 2a 2a 2a 2a 2a",
        new Access.Get(PLACE, 100),
        expected,
        actual);
    actual[40] = 1;
    assertTold(
        "step 7: rank 2 got window 1 of set 0 [56, 72): expected 00 00 00 00 00 00 00 00 00 00 00"
            + " 00 00 00 00 00, but was 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
        new Access.Get(PLACE, 100),
        expected,
        actual);
  }

  @Test
  void a_wrong_long_is_told_as_a_number() {
    assertTold(
        "step 7: rank 2 added 3 to window 1 of set 0 [16, 24): expected 4, but was -1",
        new Atomic.Add(PLACE, 3),
        Results.of(4L),
        Results.of(-1L));
    assertTold(
        "step 7: rank 2 exchanged for 3 window 1 of set 0 [16, 24): expected 4, but was 5",
        new Atomic.GetAndSet(PLACE, 3),
        Results.of(4L),
        Results.of(5L));
    assertTold(
        "step 7: rank 2 awaited >= 3 in window 1 of set 0 [16, 24): expected 4, but was 5",
        new Await(PLACE, Comparison.GE, 3),
        Results.of(4L),
        Results.of(5L));
  }

  @Test
  void a_wrong_truth_is_told_as_one() {
    assertTold(
        "step 7: rank 2 replaced 0 by 9 in window 1 of set 0 [16, 24): expected true, but was"
            + " false",
        new Atomic.CompareAndSet(PLACE, 0, 9),
        Results.of(true),
        Results.of(false));
  }

  @Test
  void a_communicator_of_another_size_is_refused() {
    Program program = Program.of(3).allocate(8).end();
    try (RankPool pool = new RankPool(BackendUnderTest.threads("sim"))) {
      RankReport report =
          pool.run(
              1,
              Duration.ofSeconds(30),
              rank -> {
                try (Communicator communicator = Communicator.open(rank.config())) {
                  assertEquals(
                      "a program of 3 ranks can't run on " + communicator,
                      assertThrows(
                              IllegalArgumentException.class,
                              () -> ProgramRank.run(program, communicator))
                          .getMessage());
                }
              });
      report.check();
    }
  }
}

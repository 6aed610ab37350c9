package comm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The bounds of a job. */
class RankJobProperties {

  private static final RankProgram PROGRAM = RankProgram.parse("a.B");

  @Property
  void has_one_to_64_ranks(@ForAll @IntRange(min = 1, max = 64) int size) {
    assertEquals(size, RankJob.of(size, PROGRAM).size());
  }

  @Property
  void refuses_other_numbers_of_ranks_and_says_which(@ForAll int size) {
    if (size < 1 || size > 64) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> RankJob.of(size, PROGRAM));
      assertEquals("size must be 1 to 64 ranks, but is " + size, e.getMessage());
    }
  }

  @Property
  void refuses_limits_that_are_not_positive(
      @ForAll @LongRange(min = Long.MIN_VALUE / 2_000_000, max = 0) long millis) {
    RankJob job = RankJob.of(1, PROGRAM);
    Duration limit = Duration.ofMillis(millis);

    assertThrows(IllegalArgumentException.class, () -> job.withTimeLimit(limit));
    assertThrows(IllegalArgumentException.class, () -> job.withWaitTimeout(limit));
  }

  @Property
  void keeps_every_other_value_when_one_is_changed(
      @ForAll @IntRange(min = 1, max = 64) int size, @ForAll List<String> arguments) {
    RankJob job =
        RankJob.of(size, PROGRAM)
            .withArguments(arguments)
            .withBackend("sim")
            .withWaitTimeout(Duration.ofSeconds(1))
            .withTimeLimit(Duration.ofSeconds(2))
            .withJvmOptions(List.of("-Xmx1g"))
            .withEnvironment("A", "b")
            .withGrace(Duration.ofSeconds(3));

    assertEquals(job, job.withBackend("x").withBackend("sim"));
    assertEquals(job, job.withArguments(List.of()).withArguments(arguments));
    assertEquals(job, job.withGrace(Duration.ZERO).withGrace(Duration.ofSeconds(3)));
    assertEquals(job, job.withPaths(List.of(), List.of()));
    assertEquals(job, job.withJvmOptions(List.of()).withJvmOptions(List.of("-Xmx1g")));
  }

  @Property(tries = 3)
  void refuses_variables_that_the_launcher_sets(@ForAll @IntRange(max = 2) int which) {
    String name = List.of("COMM_RANK", "COMM_SIZE", "COMM_ROOTINFO").get(which);

    assertThrows(
        IllegalArgumentException.class, () -> RankJob.of(1, PROGRAM).withEnvironment(name, "0"));
  }
}

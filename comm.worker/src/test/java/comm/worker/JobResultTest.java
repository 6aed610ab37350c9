package comm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.worker.launch.Signals;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Exit codes and wording of results. */
class JobResultTest {

  private static RankExit exit(int rank, int code, boolean stopped, String... lines) {
    return new RankExit(
        rank,
        100 + rank,
        code,
        Signals.ofExitCode(code),
        stopped,
        Duration.ofMillis(1500),
        List.of(lines));
  }

  private static JobResult result(JobOutcome outcome, OptionalInt first, RankExit... ranks) {
    return new JobResult(outcome, List.of(ranks), first, Duration.ofMillis(2500));
  }

  @Test
  void names_the_root_cause_with_its_last_lines_and_then_the_others() {
    JobResult result =
        result(
            JobOutcome.FAILED,
            OptionalInt.of(2),
            exit(0, 143, true),
            exit(1, 143, true),
            exit(2, 137, false, "step 1", "step 2"),
            exit(3, 143, true),
            exit(4, 1, false, "rank 2 died"));

    assertEquals(137, result.exitCode());
    assertEquals(
        """
        rank 2 of 5 failed first: killed by SIGKILL after 1.5 s (pid 102)
          its last lines:
          | step 1
          | step 2
          ranks 0, 1, 3: stopped by the launcher (killed by SIGTERM)
          rank 4: ended with exit code 1""",
        result.report());
  }

  @Test
  void says_that_a_rank_printed_nothing() {
    assertEquals(
        """
        rank 0 of 1 failed first: ended with exit code 3 after 1.5 s (pid 100)
          it printed nothing""",
        result(JobOutcome.FAILED, OptionalInt.of(0), exit(0, 3, false)).report());
  }

  @Test
  void shows_at_most_20_of_the_last_lines() {
    String[] lines = new String[50];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "line " + i;
    }

    List<String> report =
        result(JobOutcome.FAILED, OptionalInt.of(0), exit(0, 1, false, lines))
            .report()
            .lines()
            .toList();

    assertEquals(22, report.size());
    assertEquals("  | line 30", report.get(2));
    assertEquals("  | line 49", report.get(21));
  }

  @Test
  void has_an_exit_code_for_each_outcome() {
    assertEquals(
        0, result(JobOutcome.SUCCEEDED, OptionalInt.empty(), exit(0, 0, false)).exitCode());
    assertEquals(
        124, result(JobOutcome.TIME_LIMIT, OptionalInt.empty(), exit(0, 143, true)).exitCode());
    assertEquals(
        130, result(JobOutcome.STOPPED, OptionalInt.empty(), exit(0, 137, true)).exitCode());
  }

  @Test
  void reports_success_in_one_line() {
    assertEquals(
        "all 2 ranks succeeded after 2.5 s",
        result(JobOutcome.SUCCEEDED, OptionalInt.empty(), exit(0, 0, false), exit(1, 0, false))
            .report());
  }
}

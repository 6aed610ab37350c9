package comm.tests.ranktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import comm.api.Communicator;
import comm.testkit.TimeScale;
import comm.tests.ranktest.FailingTests.AllForget;
import comm.tests.ranktest.FailingTests.AllProcessesForget;
import comm.tests.ranktest.FailingTests.AllProcessesHang;
import comm.tests.ranktest.FailingTests.KilledThread;
import comm.tests.ranktest.FailingTests.NoBackend;
import comm.tests.ranktest.FailingTests.NoConstructor;
import comm.tests.ranktest.FailingTests.NoFault;
import comm.tests.ranktest.FailingTests.NoSuchRank;
import comm.tests.ranktest.FailingTests.OneAssumes;
import comm.tests.ranktest.FailingTests.OneDies;
import comm.tests.ranktest.FailingTests.OneFails;
import comm.tests.ranktest.FailingTests.OneHangs;
import comm.tests.ranktest.FailingTests.OneProcessFails;
import comm.tests.ranktest.FailingTests.Outer;
import comm.tests.ranktest.FailingTests.WrongParameter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.opentest4j.AssertionFailedError;

/** How rank tests fail. */
class FailedRankTest {

  private static final String LEFT =
      "barrier on rank %d of 3 (sim) failed after T: rank 1 (left, pid N, last operation barrier)"
          + " closed the communicator while others waited for it; look at the log of rank 1 first";

  /** How the one test of a class ends. */
  private static TestExecutionResult result(Class<?> type) {
    List<Event> ended =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(type))
            .execute()
            .testEvents()
            .finished()
            .list();
    assertEquals(1, ended.size());
    return ended.get(0).getRequiredPayload(TestExecutionResult.class);
  }

  private static Throwable failure(Class<?> type) {
    TestExecutionResult result = result(type);
    assertSame(Status.FAILED, result.getStatus());
    return result.getThrowable().orElseThrow();
  }

  /** The message without what is another each time: process ids, times, and who was first. */
  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage())
        .replaceAll("pid \\d+", "pid N")
        .replaceAll("after [0-9.]+ \\S?s", "after T")
        .replaceAll("; first noticed by rank \\d", "");
  }

  /** How many ranks are shown where they wait. */
  private static long waiting(String message) {
    return message
        .lines()
        .filter(line -> line.contains("FailingTests$OneHangs.waitForNobody(FailingTests.java:"))
        .count();
  }

  private static double seconds(long limit) {
    return TimeScale.scaled(Duration.ofSeconds(limit)).toMillis() / 1e3;
  }

  private static String firstLines(int count, String text) {
    return text.lines().limit(count).collect(Collectors.joining("\n"));
  }

  @Test
  void the_root_cause_comes_first_and_then_every_ranks_state() {
    Throwable failure = failure(OneFails.class);

    assertEquals(
        "rank 1 of 3 failed: the sum ==> expected: <1> but was: <2>\n"
            + "  rank 0 failed: comm.api.PeerFailedException: "
            + LEFT.formatted(0)
            + "\n"
            + "  rank 2 failed: comm.api.PeerFailedException: "
            + LEFT.formatted(2)
            + "\n"
            + "rank 0 printed:\n"
            + "  | about to look\n"
            + "rank 1 printed:\n"
            + "  | about to look\n"
            + "rank 2 printed:\n"
            + "  | about to look",
        message(failure));
    assertSame(AssertionFailedError.class, failure.getCause().getClass());
  }

  @Test
  void a_failure_in_a_process_has_its_stack_and_the_last_lines_of_output() {
    String message = message(failure(OneProcessFails.class));

    assertEquals(
        "rank 1 of 3 failed: java.lang.IllegalStateException: no more\n"
            + "  rank 0 failed: comm.api.PeerFailedException: "
            + LEFT.formatted(0)
            + "\n"
            + "  rank 2 failed: comm.api.PeerFailedException: "
            + LEFT.formatted(2)
            + "\n"
            + "java.lang.IllegalStateException: no more\n",
        message.substring(0, message.indexOf("\tat ")));
    assertTrue(message.contains("FailingTests$OneProcessFails.test(FailingTests.java:"), message);
    assertEquals(
        "rank 1 printed 25 lines, at last:\n"
            + IntStream.range(5, 25)
                .mapToObj(line -> "  | line " + line)
                .collect(Collectors.joining("\n")),
        message.substring(message.indexOf("rank 1 printed")));
  }

  @Test
  void a_rank_that_does_not_end_shows_where_it_is() {
    String message = message(failure(OneHangs.class));

    assertEquals(
        "rank 1 of 2 did not end within "
            + seconds(1)
            + " s\n  rank 0 passed\nstacks of rank 1:\n\"rank-1\" WAITING",
        firstLines(4, message));
    assertEquals(1, waiting(message), message);
  }

  @Test
  void processes_that_do_not_end_show_where_they_are() {
    String message = message(failure(AllProcessesHang.class));

    assertEquals(
        "rank 0 of 2 did not end within "
            + seconds(5)
            + " s\n  rank 1 did not end within "
            + seconds(5)
            + " s\nstacks of rank 0:\n\"rank-0\" WAITING",
        firstLines(4, message));
    assertTrue(message.contains("\nstacks of rank 1:\n\"rank-1\" WAITING\n"), message);
    assertEquals(2, waiting(message), message);
  }

  @Test
  void a_process_that_ended_says_how() {
    assertEquals(
        """
        rank 1 of 2 ended with exit code 3
          rank 0 passed
        rank 1 printed:
          | good bye""",
        message(failure(OneDies.class)));
  }

  @Test
  void a_failed_assumption_on_a_rank_aborts_the_test() {
    TestExecutionResult result = result(OneAssumes.class);

    assertSame(Status.ABORTED, result.getStatus());
    assertEquals(
        "Assumption failed: only rank 0 wants to",
        result.getThrowable().orElseThrow().getMessage());
  }

  @Test
  void a_communicator_that_is_left_open_fails_the_test() {
    Throwable failure = failure(AllForget.class);
    ForgottenCommunicators.LIST.forEach(Communicator::close);

    assertEquals("left open: [communicator of rank 0 of 1 (sim)]", failure.getMessage());
  }

  @Test
  void a_communicator_that_a_process_leaves_open_fails_the_test() {
    assertEquals(
        "rank 0 of 1 failed: left open: [communicator of rank 0 of 1 (sim)]",
        firstLines(1, message(failure(AllProcessesForget.class))));
  }

  static List<Arguments> refusals() {
    return List.of(
        Arguments.of(
            NoFault.class, "fault \"delay rank 1 before barrier 3 for 200 ms\" was never reached"),
        Arguments.of(
            KilledThread.class,
            "fault \"kill rank 1 before barrier 1\" needs a process, but ranks are threads; let"
                + " ranks be processes"),
        Arguments.of(
            NoSuchRank.class,
            "fault \"delay rank 2 before barrier 1 for 200 ms\" is for a rank that isn't there:"
                + " ranks are 0 to 1"),
        Arguments.of(
            WrongParameter.class,
            "WrongParameter.test takes a String, but a rank test may take a Communicator and a"
                + " TestRank only"),
        Arguments.of(
            NoConstructor.class,
            "NoConstructor has no constructor without parameters, and ranks are processes that each"
                + " make an instance of their own"),
        Arguments.of(
            Outer.class,
            "Inner is an inner class, and ranks are processes that each make an instance of their"
                + " own; let it be static, or let ranks be threads"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void says_what_is_wrong_with_the_test(Class<?> type, String message) {
    assertEquals(message, failure(type).getMessage());
  }

  @Test
  void a_backend_that_is_not_there_is_named() {
    String message = message(failure(NoBackend.class));

    assertTrue(
        message.startsWith("no backend \"nowhere\" is on the path; others there are ["), message);
  }
}

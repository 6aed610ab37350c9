package comm.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads when something goes wrong, word by word. */
class FailuresTest {

  private static final Duration WAITED = Duration.ofMillis(30_040);
  private static final CommException.Call CALL =
      new CommException.Call("barrier", 3, 8, "sim", WAITED);
  private static final WaitLimit LIMIT =
      new WaitLimit(Duration.ofSeconds(30), "environment variable COMM_TIMEOUT");

  private static RankStatus status(int rank, RankStatus.State state, String last, String remark) {
    OptionalLong pid =
        state == RankStatus.State.NEVER_JOINED ? OptionalLong.empty() : OptionalLong.of(4711);
    return new RankStatus(rank, state, pid, last, remark);
  }

  private static RuntimeException met(Failure failure) {
    return Failures.exception(CALL, new BackendFailure(failure, WAITED), LIMIT);
  }

  private static RuntimeException reportedBy(int rank, Failure failure) {
    return Failures.exception(
        CALL, new BackendFailure(failure, OptionalInt.of(rank), WAITED), LIMIT);
  }

  @Test
  void a_timeout_names_the_missing_ranks_their_state_the_limit_and_its_source() {
    List<RankStatus> missing =
        List.of(
            status(1, RankStatus.State.ALIVE, "allocateWindows", ""),
            status(5, RankStatus.State.NEVER_JOINED, "", ""));

    CommTimeoutException e =
        assertInstanceOf(CommTimeoutException.class, met(new Failure.TimedOut(missing)));

    assertEquals(
        "barrier on rank 3 of 8 (sim) timed out after 30.0 s (limit 30.0 s, from environment"
            + " variable COMM_TIMEOUT): 6 of 8 ranks came, missing rank 1 (alive, pid 4711, last"
            + " operation allocateWindows), rank 5 (never joined); see the logs of the missing"
            + " ranks, or raise the limit",
        e.getMessage());
    assertEquals(missing, e.missing());
    assertEquals(Duration.ofSeconds(30), e.limit());
    assertEquals("barrier", e.operation());
    assertEquals(3, e.rank());
    assertEquals(8, e.size());
    assertEquals("sim", e.backend());
    assertEquals(WAITED, e.elapsed());
  }

  @Test
  void a_timeout_of_ranks_that_never_came_says_how_to_start_them() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) timed out after 30.0 s (limit 30.0 s, from environment"
            + " variable COMM_TIMEOUT): 7 of 8 ranks came, missing rank 5 (never joined); start the"
            + " missing ranks with the same rootInfo, or raise the limit",
        met(new Failure.TimedOut(List.of(status(5, RankStatus.State.NEVER_JOINED, "", ""))))
            .getMessage());
  }

  @Test
  void a_timeout_of_a_signal_names_no_ranks() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) timed out after 30.0 s (limit 30.0 s, from environment"
            + " variable COMM_TIMEOUT); see what the rank that should signal is doing, or raise the"
            + " limit",
        met(new Failure.TimedOut(List.of())).getMessage());
  }

  @Test
  void a_timeout_in_the_backends_own_library_says_where_it_waits() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) timed out after 30.0 s (limit 30.0 s, from environment"
            + " variable COMM_TIMEOUT): all ranks came, but initComm has not returned; see what"
            + " keeps it, or raise the limit",
        met(new Failure.TimedOut(List.of(), "all ranks came, but initComm has not returned"))
            .getMessage());
  }

  @Test
  void a_timeout_of_another_rank_is_told_as_that_ranks() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) failed after 30.0 s: rank 2 ran out of time: 7 of 8 ranks"
            + " came, missing rank 4 (alive, pid 4711, stopped by a signal); see the logs of the"
            + " missing ranks, or raise the limit",
        reportedBy(
                2,
                new Failure.TimedOut(
                    List.of(status(4, RankStatus.State.ALIVE, "", "stopped by a signal"))))
            .getMessage());
  }

  @Test
  void a_dead_rank_is_named_with_its_last_operation() {
    RankStatus dead = status(6, RankStatus.State.DEAD, "barrier", "");

    PeerFailedException e =
        assertInstanceOf(PeerFailedException.class, met(new Failure.PeerFailed(dead)));

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed after 30.0 s: rank 6 (dead, pid 4711, last operation"
            + " barrier) ended without closing the communicator; look at the log of rank 6 first",
        e.getMessage());
    assertEquals(dead, e.peer());
  }

  @Test
  void a_rank_that_left_is_told_from_one_that_died() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) failed after 30.0 s: rank 6 (left, pid 4711) closed the"
            + " communicator while others waited for it; first noticed by rank 0; look at the log"
            + " of rank 6 first",
        reportedBy(0, new Failure.PeerFailed(status(6, RankStatus.State.LEFT, "", "")))
            .getMessage());
  }

  @Test
  void a_mismatch_shows_both_sides() {
    RankMismatchException e =
        assertInstanceOf(
            RankMismatchException.class,
            met(new Failure.Mismatch("window size", 3, "4096 bytes", 0, "8192 bytes")));

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: window size differs between ranks: rank 3 has 4096"
            + " bytes, rank 0 has 8192 bytes; every rank must be started with the same values and a"
            + " rank of its own",
        e.getMessage());
    assertEquals("window size", e.subject());
  }

  @Test
  void a_rendezvous_failure_names_the_file_and_the_remedy() {
    RendezvousException e =
        assertInstanceOf(
            RendezvousException.class,
            met(
                new Failure.Rendezvous(
                    Path.of("/tmp/x"), "is a symbolic link", "remove it or choose another path")));

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: rendezvous file /tmp/x is a symbolic link; remove it"
            + " or choose another path",
        e.getMessage());
    assertEquals(Path.of("/tmp/x"), e.path());
  }

  @Test
  void a_shortage_says_how_much_is_needed_where_and_how_much_there_is() {
    ResourceExhaustedException e =
        assertInstanceOf(
            ResourceExhaustedException.class,
            reportedBy(
                1, new Failure.Exhausted("/dev/shm", 3L << 29, 64L << 20, "enlarge /dev/shm")));

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: 1.5 GiB needed in /dev/shm, 64.0 MiB available; first"
            + " noticed by rank 1; enlarge /dev/shm",
        e.getMessage());
    assertEquals(3L << 29, e.needed());
    assertEquals(64L << 20, e.available());
  }

  @Test
  void a_shortage_of_little_is_told_in_bytes() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: 2147483649 bytes needed in /dev/shm, 2147483648"
            + " available; enlarge it",
        met(new Failure.Exhausted("/dev/shm", (2L << 30) + 1, 2L << 30, "enlarge it"))
            .getMessage());
  }

  @Test
  void a_native_call_is_told_with_its_function_code_name_and_the_librarys_words() {
    NativeCallException e =
        assertInstanceOf(
            NativeCallException.class,
            met(
                new Failure.NativeCall(
                    "mmap", 12, "ENOMEM", "Cannot allocate memory", "see ulimit -v")));

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: mmap gave 12 (ENOMEM): Cannot allocate memory; see"
            + " ulimit -v",
        e.getMessage());
    assertEquals("mmap", e.function());
    assertEquals(12, e.code());
    assertEquals("ENOMEM", e.codeName());
  }

  @Test
  void a_native_call_of_which_little_is_known_is_told_without_gaps() {
    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: f gave -1",
        met(new Failure.NativeCall("f", -1, "", "", "")).getMessage());
  }

  @Test
  void an_interrupt_is_told_as_this_threads_or_another_ranks() {
    CommInterruptedException e =
        assertInstanceOf(CommInterruptedException.class, met(new Failure.Interrupted()));

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed after 30.0 s: the waiting thread was interrupted; see what interrupts"
            + " it, such as a shutdown or a test's time limit",
        e.getMessage());
    assertEquals(
        "barrier on rank 3 of 8 (sim) failed after 30.0 s: rank 7 was interrupted; see what interrupts"
            + " it, such as a shutdown or a test's time limit",
        reportedBy(7, new Failure.Interrupted()).getMessage());
  }

  @Test
  void a_cancelled_call_is_a_wrong_order_of_calls() {
    IllegalStateException e =
        assertInstanceOf(IllegalStateException.class, met(new Failure.Cancelled()));

    assertEquals(
        "barrier on rank 3 of 8 (sim) ended after 30.0 s: the communicator was closed by another"
            + " thread",
        e.getMessage());
  }

  @Test
  void a_broken_communicator_repeats_the_first_cause() {
    CommException first = (CommException) met(new Failure.Interrupted());

    CommBrokenException e =
        new CommBrokenException(
            new CommException.Call("allocateWindows", 3, 8, "sim", Duration.ZERO), first);

    assertEquals(
        "allocateWindows on rank 3 of 8 (sim) did nothing: the communicator is broken since barrier"
            + " on rank 3 of 8 (sim) failed after 30.0 s: the waiting thread was interrupted; see what interrupts"
            + " it, such as a shutdown or a test's time limit",
        e.getMessage());
    assertEquals(first, e.firstCause());
  }

  @Test
  void a_missing_rank_0_hides_the_others() {
    RankStatus rank0 =
        new RankStatus(0, RankStatus.State.NEVER_JOINED, OptionalLong.empty(), "", "");
    BackendFailure report = new BackendFailure(new Failure.TimedOut(List.of(rank0)), WAITED);

    String message = String.valueOf(Failures.exception(CALL, report, LIMIT).getMessage());

    assertTrue(message.contains(": rank 0 never joined, and without it nothing"), message);
    assertFalse(message.contains("ranks came"), message);
  }

  @Test
  void a_rank_that_came_too_late_reads_that_it_is_meant() {
    RankStatus self = new RankStatus(3, RankStatus.State.ALIVE, OptionalLong.of(11), "barrier", "");
    BackendFailure report =
        new BackendFailure(new Failure.TimedOut(List.of(self)), OptionalInt.of(0), WAITED);

    String message = String.valueOf(Failures.exception(CALL, report, LIMIT).getMessage());

    assertTrue(message.contains("rank 0 ran out of time: 7 of 8 ranks came"), message);
    assertTrue(message.contains("which is this rank: it came too late"), message);
  }

  @Test
  void a_rank_that_is_there_twice_is_told_as_such() {
    BackendFailure report =
        new BackendFailure(
            new Failure.Mismatch("process", 1, "pid 11", 1, "pid 12"), Duration.ZERO);

    assertEquals(
        "barrier on rank 3 of 8 (sim) failed: rank 1 is there twice, as pid 11 and as pid 12;"
            + " every rank must be started with the same values and a rank of its own",
        Failures.exception(CALL, report, LIMIT).getMessage());
  }

  @Test
  void what_lies_under_the_report_of_the_backend_is_kept() {
    BackendFailure report = new BackendFailure(new Failure.Interrupted(), WAITED);
    Throwable underneath = new UnsatisfiedLinkError("libc");
    report.initCause(underneath);

    RuntimeException e = Failures.exception(CALL, report, LIMIT);

    assertArrayEquals(new Throwable[] {underneath}, e.getSuppressed());
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0.000 s",
    "PT0.0004S, 0.000 s",
    "PT0.05S, 0.050 s",
    "PT0.999S, 0.999 s",
    "PT1S, 1.0 s",
    "PT30S, 30.0 s",
    "PT2M, 120.0 s"
  })
  void times_are_told_as_people_read_them(String time, String text) {
    assertEquals(text, Failures.seconds(Duration.parse(time)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1023, 1023 bytes",
    "1024, 1.0 KiB",
    "1535, 1.4 KiB",
    "1536, 1.5 KiB",
    "1048575, 1023.9 KiB",
    "1048576, 1.0 MiB",
    "2147483647, 1.9 GiB",
    "2147483648, 2.0 GiB",
    "9223372036854775807, 8.0 EiB"
  })
  void sizes_are_told_as_people_read_them_and_never_rounded_up(long bytes, String text) {
    assertEquals(text, Failures.bytes(bytes));
  }
}

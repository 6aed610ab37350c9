package comm.backend.hccl.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.backend.hccl.rendezvous.Ranks.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that meet, agree, fail and leave, by files. */
@Timeout(120)
class RunTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void choose_a_path() {
    path = directory.resolve("ranks.rootinfo");
  }

  @AfterEach
  void nothing_is_left() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 2, 3, 8})
  void ranks_get_the_root_info_and_what_each_brings_to_every_step(int size)
      throws InterruptedException {
    List<Outcome<Integer>> outcomes =
        Ranks.outcomes(
            size,
            rank -> {
              try (Run run = Ranks.join(rank, size, path)) {
                assertArrayEquals(Ranks.ROOT_INFO, run.rootInfo());
                assertTrue(run.onOneHost());
                for (int round = 0; round < 20; round++) {
                  byte[] own = round % 3 == 0 ? new byte[0] : text(rank + " in " + round);
                  List<byte[]> all = run.begin(Operation.BARRIER, own).awaitAll(Ranks.patience());
                  for (int peer = 0; peer < size; peer++) {
                    assertArrayEquals(
                        round % 3 == 0 ? new byte[0] : text(peer + " in " + round), all.get(peer));
                  }
                }
                return run.peers().size();
              }
            });

    outcomes.forEach(outcome -> assertEquals(size, outcome.get()));
  }

  @Test
  void a_path_through_a_symbolic_link_to_a_directory_is_the_same_path()
      throws IOException, InterruptedException {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    Ranks.outcomes(
            2,
            rank -> {
              try (Run run = Ranks.join(rank, 2, (rank == 0 ? real : link).resolve("ranks"))) {
                for (int i = 0; i < 10; i++) {
                  run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                }
                return true;
              }
            })
        .forEach(Outcome::get);

    Files.delete(link);
    Files.delete(real);
  }

  @Test
  void one_path_serves_many_runs_one_after_the_other() throws InterruptedException {
    Ranks.outcomes(
            2,
            rank -> {
              for (int i = 0; i < 30; i++) {
                Ranks.join(rank, 2, path).close();
              }
              return true;
            })
        .forEach(Outcome::get);
  }

  @Test
  void what_fails_on_one_rank_is_told_to_all_as_it_is() throws InterruptedException {
    Failure failure = new Failure.NativeCall("HcclBarrier", 4, "HCCL_E_INTERNAL", "EI0001", "help");
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            3,
            rank -> {
              try (Run run = Ranks.join(rank, 3, path)) {
                Step step = run.begin(Operation.BARRIER, new byte[0]);
                if (rank == 1) {
                  throw step.fail(failure, Ranks.patience());
                }
                step.awaitAll(Ranks.patience());
                // The step may have held before rank 1 failed; then the next one can't.
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                return true;
              }
            });

    for (int rank = 0; rank < 3; rank++) {
      BackendFailure told = outcomes.get(rank).failure();
      assertEquals(failure, told.failure());
      assertEquals(rank == 1 ? OptionalInt.empty() : OptionalInt.of(1), told.reportedBy());
    }
  }

  @Test
  void a_rank_that_does_not_come_is_named_to_all_even_to_itself() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            2,
            rank -> {
              try (Run run = Ranks.join(rank, 2, path)) {
                if (rank == 1) {
                  over.await();
                }
                Wait wait = Ranks.wait(Duration.ofMillis(rank == 0 ? 200 : 20_000));
                try {
                  run.begin(Operation.BARRIER, new byte[0]).awaitAll(wait);
                } finally {
                  over.countDown();
                }
                return true;
              }
            });

    for (int rank = 0; rank < 2; rank++) {
      Failure.TimedOut timeout =
          assertInstanceOf(Failure.TimedOut.class, outcomes.get(rank).failure().failure());
      assertEquals(1, timeout.missing().size());
      assertEquals(1, timeout.missing().get(0).rank());
      assertEquals(RankStatus.State.ALIVE, timeout.missing().get(0).state());
    }
  }

  @Test
  void a_rank_that_leaves_ends_the_wait_of_the_others() throws InterruptedException {
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            3,
            rank -> {
              try (Run run = Ranks.join(rank, 3, path)) {
                if (rank != 2) {
                  run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                }
                return true;
              }
            });

    for (int rank = 0; rank < 2; rank++) {
      Failure.PeerFailed peer =
          assertInstanceOf(Failure.PeerFailed.class, outcomes.get(rank).failure().failure());
      assertEquals(2, peer.peer().rank());
      assertEquals(RankStatus.State.LEFT, peer.peer().state());
    }
  }

  @Test
  void an_interrupt_breaks_the_step_for_all_and_leaves_flag_and_lock_as_they_were()
      throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            2,
            rank -> {
              try (Run run = Ranks.join(rank, 2, path)) {
                if (rank == 1) {
                  Thread.currentThread().interrupt();
                }
                Step step = run.begin(Operation.BARRIER, new byte[0]);
                if (rank == 0) {
                  // So that the step can't hold before rank 1 looks at its flag.
                  told.await();
                }
                BackendFailure failure =
                    assertThrows(
                        BackendFailure.class,
                        () -> {
                          while (true) {
                            step.check(Ranks.patience());
                          }
                        });
                assertInstanceOf(Failure.Interrupted.class, failure.failure());
                if (rank == 1) {
                  assertTrue(Thread.interrupted());
                  told.countDown();
                }
                return run.peers().stream().allMatch(peer -> peer.state() != RankStatus.State.DEAD);
              }
            });

    outcomes.forEach(outcome -> assertTrue(outcome.get()));
  }

  @Test
  void closing_while_waiting_is_cancelled_here_and_a_rank_that_left_there()
      throws InterruptedException {
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            2,
            rank -> {
              try (Run run = Ranks.join(rank, 2, path)) {
                Wait wait =
                    new Wait(new WaitLimit(Duration.ofSeconds(30), "test"), () -> rank == 1);
                Step step = run.begin(Operation.BARRIER, new byte[0]);
                while (true) {
                  step.check(wait);
                }
              }
            });

    assertInstanceOf(Failure.Cancelled.class, outcomes.get(1).failure().failure());
    Failure.PeerFailed left =
        assertInstanceOf(Failure.PeerFailed.class, outcomes.get(0).failure().failure());
    assertEquals(RankStatus.State.LEFT, left.peer().state());
  }

  @Test
  void waiting_for_a_signal_breaks_nothing_when_its_own_time_is_over() throws InterruptedException {
    Ranks.outcomes(
            2,
            rank -> {
              try (Run run = Ranks.join(rank, 2, path)) {
                if (rank == 0) {
                  Wait wait = Ranks.wait(Duration.ofMillis(100));
                  BackendFailure failure =
                      assertThrows(
                          BackendFailure.class,
                          () -> {
                            while (true) {
                              run.checkWaiting(wait);
                              wait.pause();
                            }
                          });
                  assertEquals(new Failure.TimedOut(List.of()), failure.failure());
                }
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                return true;
              }
            })
        .forEach(Outcome::get);
  }

  @Test
  void a_rank_that_is_there_twice_fails_for_everybody() throws InterruptedException {
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            3,
            part -> {
              Ranks.join(Math.min(part, 1), 3, path).close();
              return true;
            });

    for (Outcome<Boolean> outcome : outcomes) {
      Failure.Mismatch mismatch =
          assertInstanceOf(Failure.Mismatch.class, outcome.failure().failure());
      assertEquals("process", mismatch.subject());
      assertEquals(1, mismatch.rank());
    }
  }

  @Test
  void other_numbers_of_ranks_are_shown_to_both_sides() throws InterruptedException {
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            2,
            rank -> {
              Ranks.join(rank, 2 + rank, path).close();
              return true;
            });

    for (Outcome<Boolean> outcome : outcomes) {
      assertEquals(
          new Failure.Mismatch("number of ranks", 1, "3", 0, "2"), outcome.failure().failure());
    }
  }

  private BackendFailure refused(int rank) {
    return assertThrows(
        BackendFailure.class,
        () ->
            Ranks.join(
                Self.of(rank, 2, Optional.empty()), path, Ranks.wait(Duration.ofMillis(300))));
  }

  @Test
  void ranks_that_never_come_are_named() {
    Failure.TimedOut timeout = assertInstanceOf(Failure.TimedOut.class, refused(0).failure());
    assertEquals(1, timeout.missing().get(0).rank());
    assertEquals(RankStatus.State.NEVER_JOINED, timeout.missing().get(0).state());

    timeout = assertInstanceOf(Failure.TimedOut.class, refused(1).failure());
    assertEquals(0, timeout.missing().get(0).rank());
  }

  @ParameterizedTest(name = "rank {0}")
  @ValueSource(ints = {0, 1})
  void a_file_that_is_something_else_is_left_as_it_is(int rank) throws IOException {
    Files.writeString(path, "important");

    Failure.Rendezvous refusal =
        assertInstanceOf(Failure.Rendezvous.class, refused(rank).failure());

    assertTrue(refusal.problem().contains("is not a rendezvous file"), refusal::problem);
    assertEquals("important", Files.readString(path));
    Files.delete(path);
  }

  @ParameterizedTest(name = "rank {0}")
  @ValueSource(ints = {0, 1})
  void a_symbolic_link_is_never_followed(int rank) throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "");
    Files.createSymbolicLink(path, target);

    Failure.Rendezvous refusal =
        assertInstanceOf(Failure.Rendezvous.class, refused(rank).failure());

    assertTrue(refusal.problem().contains("symbolic link"), refusal::problem);
    Files.delete(path);
    Files.delete(target);
  }

  @Test
  void a_directory_that_does_not_exist_is_refused() {
    path = directory.resolve("none").resolve("ranks.rootinfo");

    Failure.Rendezvous refusal = assertInstanceOf(Failure.Rendezvous.class, refused(0).failure());

    assertTrue(refusal.problem().contains("is not a directory"), refusal::problem);
  }

  @Test
  void an_empty_file_is_used_as_mktemp_makes_it() throws IOException, InterruptedException {
    Files.createFile(path);

    Ranks.outcomes(
            2,
            rank -> {
              Ranks.join(rank, 2, path).close();
              return true;
            })
        .forEach(Outcome::get);
  }

  /** A file and a directory as a rank 0 of another host leaves them when that host is gone. */
  private void leaveRunOf(String host) throws IOException {
    String token = PlainFiles.token();
    RunDirectory run = RunDirectory.of(path, token);
    PlainFiles.createDirectory(run.path());
    RankRecord record =
        new RankRecord(false, 0, 0, 0, 0, 0, PlainFiles.nonce(), 1, 1, host, "gone");
    PlainFiles.publish(run.path(), run.record(0), record.encode());
    new RootInfoFile(path).publish(run, new RootInfo(token, 2, 1, host, "gone"));
  }

  @Test
  void what_a_dead_run_of_this_host_left_is_removed_by_the_next()
      throws IOException, InterruptedException {
    leaveRunOf(Self.of(0, 2, Optional.empty()).hostId());

    Ranks.outcomes(
            2,
            rank -> {
              Ranks.join(rank, 2, path).close();
              return true;
            })
        .forEach(Outcome::get);
  }

  @Test
  void a_run_of_another_host_that_does_not_answer_is_replaced()
      throws IOException, InterruptedException {
    leaveRunOf("elsewhere");

    Ranks.outcomes(
            2,
            rank -> {
              Ranks.join(rank, 2, path).close();
              return true;
            })
        .forEach(Outcome::get);

    // Whether that host's rank lives can't be seen from here, so its directory stays.
    try (Stream<Path> left = Files.list(directory)) {
      List<Path> all = left.toList();
      assertEquals(1, all.size());
      PlainFiles.deleteTree(all.get(0));
    }
  }

  @Test
  void a_rank_0_of_another_host_that_lives_answers_and_both_fail() throws InterruptedException {
    List<Outcome<Boolean>> outcomes =
        Ranks.outcomes(
            2,
            part -> {
              Self self = Self.of(0, 2, Optional.of("host " + part));
              Ranks.join(self, path, Ranks.wait(Duration.ofSeconds(20))).close();
              return true;
            });

    for (Outcome<Boolean> outcome : outcomes) {
      assertInstanceOf(Failure.Mismatch.class, outcome.failure().failure());
    }
  }

  @Test
  void ranks_of_several_hosts_meet_and_say_where_they_are() throws InterruptedException {
    Ranks.outcomes(
            2,
            rank -> {
              Self self = Self.of(rank, 2, Optional.of("host " + rank));
              try (Run run = Ranks.join(self, path, Ranks.patience())) {
                assertFalse(run.onOneHost());
                assertTrue(run.peers().get(1 - rank).remark().startsWith("on host "));
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                return true;
              }
            })
        .forEach(Outcome::get);
  }

  @Test
  void windows_are_released_in_any_order() throws InterruptedException {
    Ranks.outcomes(
            2,
            rank -> {
              try (Run run = Ranks.join(rank, 2, path)) {
                if (rank == 0) {
                  for (int windows = 200; windows > 0; windows--) {
                    run.release(windows);
                  }
                }
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                assertFalse(run.hasReleased(0, 0));
                assertTrue(run.hasReleased(63, 0));
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                if (rank == 0) {
                  run.release(0);
                  run.release(0);
                  run.release(7);
                }
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                for (int windows = 0; windows <= 200; windows++) {
                  assertTrue(run.hasReleased(windows, 0), "windows " + windows);
                }
                assertFalse(run.hasReleased(201, 0));
                // Who has closed is taken to have released everything.
                run.begin(Operation.BARRIER, new byte[0]).awaitAll(Ranks.patience());
                return true;
              }
            })
        .forEach(Outcome::get);
  }
}

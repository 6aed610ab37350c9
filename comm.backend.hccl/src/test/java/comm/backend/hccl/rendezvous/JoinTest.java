package comm.backend.hccl.rendezvous;

import static comm.backend.hccl.rendezvous.Ranks.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.hccl.rendezvous.Ranks.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JoinTest {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;
  private Path path = Path.of("");

  @BeforeEach
  void choosePath() {
    path = directory.resolve("root");
  }

  private Failure refused(Self self, Duration limit) {
    return assertThrows(BackendFailure.class, () -> Ranks.join(self, path, limit)).failure();
  }

  /** What both rank 0 and rank 1 are told. */
  private String problem() {
    Failure.Rendezvous first =
        assertInstanceOf(Failure.Rendezvous.class, refused(Ranks.self(0, 2), LONG));
    assertEquals(first, refused(Ranks.self(1, 2), LONG));
    return first.problem();
  }

  /** Waits until a rank 0 has published its run, and gives its directory. */
  private Path published() throws IOException, BackendFailure {
    RootInfoFile file = new RootInfoFile(path);
    while (file.read().isEmpty()) {
      Thread.onSpinWait();
    }
    return RunDirectory.of(path, file.read().orElseThrow().token()).path();
  }

  private static void awaitFile(Path file) {
    while (!Files.exists(file)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_foreign_file_is_refused_and_left_as_it_is() throws IOException {
    Files.writeString(path, "my thesis");

    assertEquals(
        "exists and is not a rendezvous file of this backend; it was left as it is", problem());

    assertEquals("my thesis", Files.readString(path));
    assertEquals(List.of(path), Ranks.entries(directory));
  }

  @Test
  void a_damaged_file_of_ours_is_refused() throws IOException {
    byte[] bytes = new RootInfo(TOKEN, 2, 1, "here", "name").encode();
    bytes[20]++;
    Files.write(path, bytes);

    assertEquals("was written by another version of this backend, or was damaged", problem());
    assertEquals(List.of(path), Ranks.entries(directory));
  }

  @Test
  void a_file_of_ours_that_others_may_touch_is_refused() throws IOException {
    Files.write(path, new RootInfo(TOKEN, 2, 1, "here", "name").encode());
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));

    assertEquals("can be read or written by others, which no file of this backend can", problem());
    assertEquals(List.of(path), Ranks.entries(directory));
  }

  @Test
  void what_a_run_left_may_be_removed_by_several_at_once() throws Exception {
    RootInfoFile file = new RootInfoFile(path);
    for (int i = 0; i < 1000; i++) {
      RunDirectory run = RunDirectory.of(path, PlainFiles.token());
      PlainFiles.createDirectory(run.path());
      RankRecord left = new RankRecord(true, 0, 0, 0, 0, 0, 0, 1, 1, "here", "here").leaving();
      PlainFiles.publish(run.path(), run.record(0), left.encode());
      CyclicBarrier together = new CyclicBarrier(2);
      FutureTask<Boolean> sweeper =
          new FutureTask<>(
              () -> {
                together.await();
                file.sweep("here");
                return true;
              });
      new Thread(sweeper, "sweeper").start();
      together.await();
      run.removeIfDone(2, "here");
      sweeper.get();
    }

    assertEquals(List.of(), Ranks.entries(directory));
  }

  @Test
  void a_symbolic_link_is_never_followed() throws IOException {
    Files.createSymbolicLink(path, directory.resolve("nowhere"));

    assertEquals("is a symbolic link, which is never followed", problem());
    assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void a_directory_is_refused() throws IOException {
    Files.createDirectory(path);

    assertEquals("is not a regular file", problem());
  }

  @Test
  void a_missing_directory_is_refused() {
    path = directory.resolve("missing").resolve("root");

    assertEquals(
        "can't be used: " + directory.resolve("missing") + " is not a directory", problem());
  }

  @Test
  void an_empty_file_is_taken_as_none() throws Exception {
    Files.createFile(path);

    Ranks.close(Ranks.formed(3, path), path);
  }

  @Test
  void rank_0_that_waits_in_vain_names_who_is_missing() throws IOException {
    Failure.TimedOut why =
        assertInstanceOf(Failure.TimedOut.class, refused(Ranks.self(0, 3), SHORT));

    assertEquals(List.of(1, 2), why.missing().stream().map(RankStatus::rank).toList());
    assertTrue(
        why.missing().stream().allMatch(rank -> rank.state() == RankStatus.State.NEVER_JOINED));
    Ranks.assertNothingLeft(path);
  }

  @Test
  void a_rank_that_finds_no_rank_0_misses_that() throws IOException {
    Failure.TimedOut why =
        assertInstanceOf(Failure.TimedOut.class, refused(Ranks.self(2, 3), SHORT));

    assertEquals(List.of(0), why.missing().stream().map(RankStatus::rank).toList());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void other_ranks_may_come_before_rank_0() throws Exception {
    FutureTask<Outcome<Run>> early = Ranks.start(1, me -> Ranks.join(Ranks.self(1, 2), path));

    Run late = Ranks.join(Ranks.self(0, 2), path);

    Ranks.close(List.of(early.get().value().orElseThrow(), late), path);
  }

  @Test
  void a_cancelled_rank_stops_joining() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    FutureTask<Outcome<Run>> mine =
        Ranks.start(
            0,
            me ->
                Run.join(
                    Ranks.self(0, 2), path, () -> Ranks.ROOT, Ranks.within(LONG, cancelled::get)));
    published();

    cancelled.set(true);

    assertEquals(new Failure.Cancelled(), mine.get().failure());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void a_failure_of_the_source_is_what_rank_0_throws() throws IOException {
    Failure failure = new Failure.NativeCall("HcclGetRootInfo", 4, "", "", "");

    BackendFailure e =
        assertThrows(
            BackendFailure.class,
            () ->
                Run.join(
                    Ranks.self(0, 2),
                    path,
                    () -> {
                      throw new BackendFailure(failure, Duration.ZERO);
                    },
                    Ranks.within(LONG)));

    assertEquals(failure, e.failure());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void a_rank_that_comes_twice_fails_and_so_do_all_others() throws Exception {
    FutureTask<Outcome<Run>> zero = Ranks.start(0, me -> Ranks.join(Ranks.self(0, 3), path));
    FutureTask<Outcome<Run>> one = Ranks.start(1, me -> Ranks.join(Ranks.self(1, 3), path));
    awaitFile(published().resolve("rank-1"));

    Failure again = refused(Ranks.self(1, 3), LONG);

    Failure.Mismatch why = assertInstanceOf(Failure.Mismatch.class, again);
    assertEquals("process", why.subject());
    assertEquals(1, why.rank());
    assertEquals(1, why.otherRank());
    assertEquals(why, zero.get().failure());
    assertEquals(why, one.get().failure());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void a_second_rank_0_fails_and_so_does_the_first() throws Exception {
    FutureTask<Outcome<Run>> first = Ranks.start(0, me -> Ranks.join(Ranks.self(0, 2), path));
    published();

    Failure second = refused(Ranks.self(0, 2), LONG);

    assertInstanceOf(Failure.Mismatch.class, second);
    assertEquals(second, first.get().failure());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void a_living_rank_0_of_another_host_answers_a_second_one() throws Exception {
    FutureTask<Outcome<Run>> first =
        Ranks.start(0, me -> Ranks.join(Ranks.self(0, 2, "there"), path));
    published();

    Failure second = refused(Ranks.self(0, 2, "here"), LONG);

    assertInstanceOf(Failure.Mismatch.class, second);
    assertEquals(second, first.get().failure());
    Ranks.assertNothingLeft(path);
  }

  /** Writes a rootinfo file as a rank 0 leaves it that dies. */
  private void leave(RootInfo info) throws IOException {
    PlainFiles.publish(directory, path, info.encode());
  }

  @Test
  void a_dead_rank_0_of_another_host_is_replaced() throws Exception {
    RunDirectory dead = RunDirectory.of(path, TOKEN);
    PlainFiles.createDirectory(dead.path());
    RankRecord record = new RankRecord(false, 0, 0, 0, 0, 0, 7, 4711, 1, "elsewhere", "far");
    Files.write(dead.record(0), record.encode());
    leave(new RootInfo(TOKEN, 2, 4711, "elsewhere", "far"));

    List<Run> runs = Ranks.formed(2, path);

    assertFalse(Files.exists(path));
    runs.forEach(Run::close);
    // It can't be told from here whether the other ranks of that run live.
    assertEquals(List.of(dead.path()), Ranks.entries(directory));
  }

  @Test
  void a_dead_rank_0_of_this_host_is_replaced_and_swept() throws Exception {
    String host = Ranks.self(0, 2).hostId();
    RunDirectory dead = RunDirectory.of(path, TOKEN);
    PlainFiles.createDirectory(dead.path());
    RankRecord record = new RankRecord(false, 0, 0, 0, 0, 0, 7, 4711, 1, host, "near");
    Files.write(dead.record(0), record.encode());
    leave(new RootInfo(TOKEN, 2, 4711, host, "near"));

    Ranks.close(Ranks.formed(2, path), path);
  }

  @Test
  void a_rootinfo_file_without_a_run_is_replaced() throws Exception {
    leave(new RootInfo(TOKEN, 2, 4711, "elsewhere", "far"));

    Ranks.close(Ranks.formed(2, path), path);
  }

  @Test
  void ranks_with_different_numbers_of_ranks_fail_together() throws Exception {
    FutureTask<Outcome<Run>> zero = Ranks.start(0, me -> Ranks.join(Ranks.self(0, 3), path));
    FutureTask<Outcome<Run>> two = Ranks.start(2, me -> Ranks.join(Ranks.self(2, 3), path));
    awaitFile(published().resolve("rank-2"));

    Failure other = refused(Ranks.self(1, 2), LONG);

    assertEquals(new Failure.Mismatch("number of ranks", 1, "2", 0, "3"), other);
    assertEquals(other, zero.get().failure());
    assertEquals(other, two.get().failure());
    Ranks.assertNothingLeft(path);
  }

  @Test
  void ranks_of_several_hosts_meet() throws Exception {
    List<Outcome<Run>> outcomes =
        Ranks.all(3, rank -> Ranks.join(Ranks.self(rank, 3, "host" + rank / 2), path));
    List<Run> runs = outcomes.stream().map(outcome -> outcome.value().orElseThrow()).toList();

    assertFalse(runs.get(0).onOneHost());
    assertTrue(runs.get(0).peers().get(2).remark().startsWith("on host "));
    Ranks.close(runs, path);
  }

  @Test
  void a_path_can_be_used_again_at_once() throws Exception {
    for (int i = 0; i < 5; i++) {
      Ranks.close(Ranks.formed(2, path), path);
    }
  }
}

package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.api.CommConfig;
import comm.api.CommTimeoutException;
import comm.api.Communicator;
import comm.api.RankMismatchException;
import comm.api.RankStatus;
import comm.api.RendezvousException;
import comm.api.ResourceExhaustedException;
import comm.testkit.Eventually;
import comm.testkit.Leftovers;
import comm.testkit.RankThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever ranks are started with, each that is concerned gets a clear error and nothing is left.
 */
@Timeout(60)
class BadInputTest {

  private final Leftovers sharedMemory = Leftovers.ofSharedMemory();
  @TempDir private Path directory;
  private RankThreads ranks;

  @BeforeEach
  void prepare() {
    ranks = new RankThreads("sim", directory);
  }

  @AfterEach
  void nothing_is_left() {
    sharedMemory.assertNone(Duration.ofSeconds(5));
  }

  private static <E extends Throwable> String message(Class<E> type, Optional<Throwable> outcome) {
    Throwable thrown = outcome.orElseThrow(() -> new AssertionError("nothing was thrown"));
    return String.valueOf(assertInstanceOf(type, thrown).getMessage());
  }

  private static void open(CommConfig config) {
    Communicator.open(config).close();
  }

  private void assertNoFiles() throws IOException {
    try (var list = Files.list(directory)) {
      assertEquals(List.of(), list.toList());
    }
  }

  @Test
  void a_rank_that_is_there_twice_fails_for_everybody() throws IOException {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(3, config -> open(ranks.config(Math.min(config.rank(), 1), 3)));

    for (Optional<Throwable> outcome : outcomes) {
      String message = message(RankMismatchException.class, outcome);
      assertTrue(message.contains("pid " + ProcessHandle.current().pid()), message);
    }
    assertNoFiles();
  }

  @Test
  void rank_0_that_is_there_twice_fails_for_both_and_for_whoever_had_joined() throws IOException {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            3,
            config ->
                open(
                    ranks
                        .config(Math.max(config.rank() - 1, 0), 3)
                        .withTimeout(Duration.ofSeconds(3))));

    message(RankMismatchException.class, outcomes.get(0));
    message(RankMismatchException.class, outcomes.get(1));
    // A rank that comes when both are gone can only find that there is no rank 0.
    Throwable other = outcomes.get(2).orElseThrow();
    assertTrue(
        other instanceof RankMismatchException || other instanceof CommTimeoutException,
        other::toString);
    assertNoFiles();
  }

  @Test
  void different_numbers_of_ranks_are_shown_to_both_sides() throws IOException {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(2, config -> open(ranks.config(config.rank(), 2 + config.rank())));

    for (Optional<Throwable> outcome : outcomes) {
      String message = message(RankMismatchException.class, outcome);
      assertTrue(message.contains("rank 1 has 3"), message);
      assertTrue(message.contains("rank 0 has 2"), message);
    }
    assertNoFiles();
  }

  @Test
  void different_window_sizes_are_shown_to_every_rank() {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            3,
            config -> {
              try (Communicator communicator = Communicator.open(config)) {
                communicator.allocateWindows(config.rank() == 1 ? 8192 : 4096).close();
              }
            });

    for (Optional<Throwable> outcome : outcomes) {
      String message = message(RankMismatchException.class, outcome);
      assertTrue(message.contains("8192 bytes") && message.contains("4096 bytes"), message);
    }
  }

  @Test
  void an_extra_rank_gets_its_own_error_and_harms_nobody() {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            2,
            config -> {
              try (Communicator communicator = Communicator.open(config)) {
                communicator.barrier();
                if (config.rank() == 1) {
                  Optional<Throwable> extra =
                      ranks
                          .outcomes(
                              1,
                              any -> open(ranks.config(1, 2).withTimeout(Duration.ofMillis(300))))
                          .get(0);
                  message(CommTimeoutException.class, extra);
                }
                communicator.barrier();
              }
            });

    assertEquals(List.of(Optional.empty(), Optional.empty()), outcomes);
  }

  @Test
  void a_late_rank_is_waited_for() {
    ranks.run(
        2,
        communicator -> {
          communicator.barrier();
        });
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            2,
            config -> {
              if (config.rank() == 1) {
                Eventually.holds(
                    "rank 0 waits", Duration.ofSeconds(10), () -> Files.exists(config.rootInfo()));
              }
              open(config);
            });

    assertEquals(List.of(Optional.empty(), Optional.empty()), outcomes);
  }

  @Test
  void a_rank_that_never_comes_is_named() throws IOException {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            2, config -> open(ranks.config(config.rank(), 3).withTimeout(Duration.ofSeconds(3))));

    CommTimeoutException timeout =
        outcomes.stream()
            .flatMap(Optional::stream)
            .filter(CommTimeoutException.class::isInstance)
            .map(CommTimeoutException.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(1, timeout.missing().size());
    assertEquals(2, timeout.missing().get(0).rank());
    assertEquals(RankStatus.State.NEVER_JOINED, timeout.missing().get(0).state());
    outcomes.forEach(outcome -> message(CommTimeoutException.class, outcome));
    assertNoFiles();
  }

  private RendezvousException refused(Path rootInfo, int rank) {
    CommConfig config =
        CommConfig.of(rank, 2, rootInfo).withBackend("sim").withTimeout(Duration.ofSeconds(20));
    Optional<Throwable> outcome = ranks.outcomes(1, any -> open(config)).get(0);
    return assertInstanceOf(RendezvousException.class, outcome.orElseThrow());
  }

  @Test
  void a_missing_directory_is_named_at_once_on_every_rank() {
    Path path = directory.resolve("missing").resolve("file");

    for (int rank = 0; rank < 2; rank++) {
      String message = refused(path, rank).getMessage();
      assertTrue(message.contains("directory " + path.getParent() + " does not exist"), message);
    }
  }

  @Test
  void a_symbolic_link_is_never_followed() throws IOException {
    Path target = Files.createFile(directory.resolve("target"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);

    for (int rank = 0; rank < 2; rank++) {
      assertTrue(refused(link, rank).getMessage().contains("is a symbolic link"));
    }
    assertEquals(0, Files.size(target));
  }

  @Test
  void a_file_of_another_user_is_refused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assumeTrue(
        ProcessHandle.current().info().user().filter("root"::equals).isPresent(),
        "only root can give a file to another user");
    Files.setAttribute(file, "unix:uid", 12345);

    for (int rank = 0; rank < 2; rank++) {
      String message = refused(file, rank).getMessage();
      assertTrue(message.contains("belongs to user 12345"), message);
    }
  }

  @Test
  void a_file_that_is_something_else_is_left_as_it_is() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "my notes\n");

    for (int rank = 0; rank < 2; rank++) {
      String message = refused(file, rank).getMessage();
      assertTrue(message.contains("is not a rendezvous file"), message);
    }
    assertEquals("my notes\n", Files.readString(file));
  }

  @Test
  void an_empty_file_such_as_mktemp_makes_will_do() throws IOException {
    Files.createFile(ranks.config(0, 2).rootInfo());

    ranks.run(2, Communicator::barrier);

    assertNoFiles();
  }

  @Test
  void windows_larger_than_the_memory_fail_on_every_rank_with_the_numbers() {
    long bytes = 1L << 50;
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            2,
            config -> {
              try (Communicator communicator = Communicator.open(config)) {
                communicator.allocateWindows(bytes).close();
              }
            });

    for (Optional<Throwable> outcome : outcomes) {
      String message = message(ResourceExhaustedException.class, outcome);
      assertTrue(message.contains("2.0 PiB needed in /dev/shm"), message);
      ResourceExhaustedException exhausted = (ResourceExhaustedException) outcome.orElseThrow();
      assertEquals(2 * bytes, exhausted.needed());
      assertTrue(exhausted.available() < bytes);
    }
  }

  @Test
  void windows_whose_rounded_total_overflows_fail_on_every_rank() {
    List<Optional<Throwable>> outcomes =
        ranks.outcomes(
            2,
            config -> {
              try (Communicator communicator = Communicator.open(config)) {
                communicator.allocateWindows(Long.MAX_VALUE / 2).close();
              }
            });

    outcomes.forEach(outcome -> message(ResourceExhaustedException.class, outcome));
  }
}

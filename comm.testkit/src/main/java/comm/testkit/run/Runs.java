package comm.testkit.run;

import comm.testkit.BackendUnderTest;
import comm.testkit.RankBody;
import comm.testkit.RankMode;
import comm.testkit.RankOutcome;
import comm.testkit.RankReport;
import comm.testkit.TimeScale;
import comm.testkit.fault.FaultPlan;
import comm.testkit.fault.PlannedFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The runs of a pool, one after another, each in a directory of its own. */
final class Runs implements AutoCloseable {

  private static final Duration AFTER_FAILURE = TimeScale.scaled(Duration.ofSeconds(5));
  private static final Duration STACKS = Duration.ofSeconds(5);

  private final BackendUnderTest backend;
  private final RankHost host;
  private long number;

  /**
   * No runs yet.
   *
   * @param backend of all runs
   */
  public Runs(BackendUnderTest backend) {
    this.backend = backend;
    this.host =
        backend.mode() == RankMode.PROCESSES
            ? new ProcessHost(backend)
            : new ThreadHost(backend.instance().orElseGet(() -> Backends.named(backend.name())));
  }

  /**
   * One run.
   *
   * @param size number of ranks
   * @param limit of the run
   * @param plan what happens to ranks
   * @param body of each rank
   * @return how it ended
   */
  public RankReport run(int size, Duration limit, FaultPlan plan, RankBody body) {
    long run = ++number;
    try {
      Path directory = Files.createTempDirectory("comm-run");
      Board board = new Board();
      List<RankOutcome> outcomes;
      List<List<String>> output = new ArrayList<>();
      List<String> leftovers;
      try {
        List<CompletableFuture<RankOutcome>> started = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
          RankPlace place =
              new RankPlace(
                  rank,
                  size,
                  backend.mode(),
                  directory.toString(),
                  backend.name(),
                  backend.properties(),
                  plan.toString());
          started.add(host.start(run, place, body, board));
        }
        outcomes = outcomes(started, limit);
      } finally {
        for (int rank = 0; rank < size; rank++) {
          output.add(host.output(rank));
        }
        leftovers = emptied(directory);
      }
      List<Optional<Throwable>> thrown = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        thrown.add(host.thrown(rank));
        if (outcomes.get(rank) instanceof RankOutcome.Hung) {
          host.abandon(rank);
        }
      }
      List<PlannedFault> unreached =
          plan.faults().stream()
              .filter(fault -> board.peek(Injector.key(fault)).isEmpty())
              .toList();
      return new RankReport(outcomes, output, limit, leftovers, thrown, unreached);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<RankOutcome> outcomes(List<CompletableFuture<RankOutcome>> started, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    CompletableFuture<Void> failed = new CompletableFuture<>();
    started.forEach(
        rank -> {
          CompletableFuture<Void> unused =
              rank.thenAccept(
                  outcome -> {
                    if (outcome instanceof RankOutcome.Failed) {
                      failed.complete(null);
                    }
                  });
        });
    CompletableFuture<Void> all =
        CompletableFuture.allOf(started.toArray(CompletableFuture[]::new));
    if (!ends(CompletableFuture.anyOf(all, failed), limit) || !all.isDone()) {
      // A rank that failed can't answer any more, so the others may wait for it in vain.
      deadline = Math.min(deadline, System.nanoTime() + AFTER_FAILURE.toNanos());
    }
    List<RankOutcome> outcomes = new ArrayList<>();
    for (int rank = 0; rank < started.size(); rank++) {
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        outcomes.add(started.get(rank).get(left, TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        outcomes.add(new RankOutcome.Hung(rank, host.stacks(rank, STACKS)));
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        for (int other = 0; other < started.size(); other++) {
          host.abandon(other);
        }
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while " + backend + " was running", e);
      }
    }
    return outcomes;
  }

  /** Whether it is done within a time. */
  private static boolean ends(CompletableFuture<?> future, Duration limit) {
    try {
      Object unused = future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Removes the run's directory and returns what was in it. */
  private static List<String> emptied(Path directory) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> list = Files.list(directory)) {
      for (Path left : list.toList()) {
        names.add(directory.relativize(left).toString());
        delete(left);
      }
    }
    Files.delete(directory);
    return List.copyOf(names);
  }

  private static void delete(Path left) throws IOException {
    if (Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> list = Files.list(left)) {
        for (Path inner : list.toList()) {
          delete(inner);
        }
      }
    }
    Files.deleteIfExists(left);
  }

  @Override
  public void close() {
    host.close();
  }
}

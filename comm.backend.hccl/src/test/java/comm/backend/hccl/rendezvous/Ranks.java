package comm.backend.hccl.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Ranks as threads of this JVM, which meet at one path. */
final class Ranks {

  /** Longer than any test, so that nothing ends by it. */
  static final Duration LONG = Duration.ofSeconds(50);

  static final byte[] ROOT = "root info".getBytes(StandardCharsets.UTF_8);

  private Ranks() {}

  /** What one rank does. */
  interface Part<T> {
    T run(int rank) throws BackendFailure, IOException, InterruptedException;
  }

  /** How it ended. */
  record Outcome<T>(Optional<T> value, Optional<BackendFailure> thrown) {

    Failure failure() {
      return thrown.orElseThrow().failure();
    }
  }

  static Self self(int rank, int size) {
    return Self.of(rank, size, Optional.empty());
  }

  static Self self(int rank, int size, String host) {
    return Self.of(rank, size, Optional.of(host));
  }

  static Wait within(Duration limit) {
    return within(limit, () -> false);
  }

  static Wait within(Duration limit, BooleanSupplier cancelled) {
    return new Wait(new WaitLimit(limit, "test"), cancelled);
  }

  static Run join(Self self, Path path) throws BackendFailure {
    return join(self, path, LONG);
  }

  static Run join(Self self, Path path, Duration limit) throws BackendFailure {
    return Run.join(self, path, ROOT::clone, within(limit));
  }

  /** Begins what a rank does on a thread of its own. */
  static <T> FutureTask<Outcome<T>> start(int rank, Part<T> part) {
    FutureTask<Outcome<T>> task =
        new FutureTask<>(
            () -> {
              try {
                return new Outcome<>(Optional.of(part.run(rank)), Optional.empty());
              } catch (BackendFailure e) {
                return new Outcome<>(Optional.empty(), Optional.of(e));
              }
            });
    Thread thread = new Thread(task, "rank-" + rank);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** What each rank's part came to, in rank order. */
  static <T> List<Outcome<T>> all(int size, Part<T> part)
      throws InterruptedException, ExecutionException {
    List<FutureTask<Outcome<T>>> tasks = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      tasks.add(start(rank, part));
    }
    List<Outcome<T>> outcomes = new ArrayList<>();
    for (FutureTask<Outcome<T>> task : tasks) {
      outcomes.add(task.get());
    }
    return outcomes;
  }

  /** Runs that have formed, in rank order. */
  static List<Run> formed(int size, Path path) throws InterruptedException, ExecutionException {
    return Ranks.<Run>all(size, rank -> join(self(rank, size), path)).stream()
        .map(outcome -> outcome.value().orElseThrow())
        .toList();
  }

  /** Closes runs and looks whether anything of them is left. */
  static void close(List<Run> runs, Path path) throws IOException {
    runs.forEach(Run::close);
    assertNothingLeft(path);
  }

  static void assertNothingLeft(Path path) throws IOException {
    assertEquals(List.of(), entries(path.resolveSibling(".")));
  }

  static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}

package comm.backend.hccl.rendezvous;

import comm.api.spi.BackendFailure;
import comm.api.spi.WaitLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ranks as threads of this JVM that meet at one path. */
final class Ranks {

  static final byte[] ROOT_INFO = {1, 2, 3, 4};

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Ranks() {}

  /** What one rank does. */
  @FunctionalInterface
  interface Part<T> {
    T play(int rank) throws Exception;
  }

  static Wait wait(Duration limit) {
    return new Wait(new WaitLimit(limit, "test"), () -> false);
  }

  static Wait patience() {
    return wait(PATIENCE);
  }

  static Run join(int rank, int size, Path path) throws BackendFailure {
    return join(Self.of(rank, size, Optional.empty()), path, patience());
  }

  static Run join(Self self, Path path, Wait wait) throws BackendFailure {
    return Run.join(self, path, ROOT_INFO::clone, wait);
  }

  /** Plays all parts at once; what each gave or threw. */
  static <T> List<Outcome<T>> outcomes(int size, Part<T> part) throws InterruptedException {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        int own = rank;
        futures.add(threads.submit(() -> part.play(own)));
      }
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<T> future : futures) {
        outcomes.add(outcome(future));
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> Outcome<T> outcome(Future<T> future) throws InterruptedException {
    try {
      return new Outcome<>(Optional.ofNullable(future.get(60, TimeUnit.SECONDS)), Optional.empty());
    } catch (ExecutionException e) {
      return new Outcome<>(Optional.empty(), Optional.ofNullable(e.getCause()));
    } catch (TimeoutException e) {
      throw new AssertionError("a rank did not end", e);
    }
  }

  /** How one part ended. */
  record Outcome<T>(Optional<T> value, Optional<Throwable> thrown) {

    T get() {
      if (thrown.isPresent()) {
        throw new AssertionError(thrown.get());
      }
      return value.orElseThrow();
    }

    BackendFailure failure() {
      Throwable found = thrown.orElseThrow(() -> new AssertionError("nothing was thrown"));
      if (found instanceof BackendFailure failure) {
        return failure;
      }
      throw new AssertionError(found);
    }
  }
}

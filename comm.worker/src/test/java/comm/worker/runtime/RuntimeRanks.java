package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertThrows;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.worker.kernel.HostRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** Ranks of the backend under test, as threads of this process. */
final class RuntimeRanks {

  static final WaitLimit LIMIT = limit(Duration.ofSeconds(20));

  private RuntimeRanks() {}

  static WaitLimit limit(Duration duration) {
    return new WaitLimit(duration, "the test");
  }

  /** What a rank does. */
  interface Rank {
    void run(BackendSession session, int rank) throws Exception;
  }

  /** A request to join. */
  static SessionRequest request(
      HostRuntime runtime, int rank, int size, Path rootInfo, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("library", runtime.library().toString());
    runtime.simContext().ifPresent(path -> properties.put("simContext", path.toString()));
    return new SessionRequest(rank, size, rootInfo, OptionalLong.empty(), properties, LIMIT);
  }

  static BackendSession open(
      HostRuntime runtime, int rank, int size, Path rootInfo, Map<String, String> more)
      throws BackendFailure {
    return new RuntimeBackend().open(request(runtime, rank, size, rootInfo, more));
  }

  /** Runs all ranks to their ends; each opens, does its part and closes. */
  static void run(HostRuntime runtime, int size, Path rootInfo, Map<String, String> more, Rank part)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<?>> ranks = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int rank = i;
        ranks.add(
            threads.submit(
                () -> {
                  BackendSession session = open(runtime, rank, size, rootInfo, more);
                  part.run(session, rank);
                  session.close(LIMIT);
                  return rank;
                }));
      }
      for (Future<?> rank : ranks) {
        rank.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The failure of a kind that a call ends with. */
  static <T extends Failure> T fails(Class<T> kind, Executable call) {
    BackendFailure failure = assertThrows(BackendFailure.class, call);
    if (!kind.isInstance(failure.failure())) {
      throw new AssertionError("another failure", failure);
    }
    return kind.cast(failure.failure());
  }
}

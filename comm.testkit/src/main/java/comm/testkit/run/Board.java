package comm.testkit.run;

import comm.testkit.RankOutcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What the ranks of one run have told each other. Thread-safe. */
final class Board {

  private final Map<String, CompletableFuture<String>> entries = new ConcurrentHashMap<>();

  void post(String key, String value) {
    if (!entry(key).complete(value)) {
      throw new IllegalStateException("\"" + key + "\" stands on the board already");
    }
  }

  CompletableFuture<String> entry(String key) {
    return entries.computeIfAbsent(key, any -> new CompletableFuture<>());
  }

  Optional<String> peek(String key) {
    return Optional.ofNullable(entry(key).getNow(null));
  }

  /** What became of a rank whose body threw. */
  static RankOutcome outcome(int rank, Throwable thrown) {
    if (thrown instanceof org.opentest4j.TestAbortedException aborted) {
      return new RankOutcome.Skipped(rank, String.valueOf(aborted.getMessage()));
    }
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    return new RankOutcome.Failed(
        rank,
        thrown instanceof AssertionError && thrown.getMessage() != null
            ? thrown.getMessage()
            : thrown.toString(),
        stack.toString(),
        Blame.of(thrown),
        System.currentTimeMillis());
  }
}

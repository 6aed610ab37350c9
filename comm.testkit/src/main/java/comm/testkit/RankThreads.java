package comm.testkit;

import comm.api.CommConfig;
import comm.api.Communicator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Ranks as threads of this JVM, each with a communicator of its own: the quickest way to test code
 * that needs several ranks.
 *
 * <pre>{@code
 * new RankThreads("sim", directory).run(4, communicator -> {
 *   communicator.barrier();
 * });
 * }</pre>
 */
public final class RankThreads {

  private static final Duration JOINING = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String backend;
  private final Path rootInfo;

  /** What one rank does. */
  @FunctionalInterface
  public interface Body {

    /**
     * Runs in the rank's own thread.
     *
     * @param communicator of this rank; closed afterwards
     * @throws Exception to fail
     */
    void run(Communicator communicator) throws Exception;
  }

  /** What one rank does before it has a communicator. */
  @FunctionalInterface
  public interface Opening {

    /**
     * Runs in the rank's own thread.
     *
     * @param config of this rank
     * @throws Exception to fail
     */
    void run(CommConfig config) throws Exception;
  }

  /**
   * Ranks on a backend.
   *
   * @param backend its name
   * @param directory for the rendezvous file; must exist
   */
  public RankThreads(String backend, Path directory) {
    this.backend = backend;
    this.rootInfo = directory.resolve("ranks.rootinfo");
  }

  /**
   * The configuration that a rank gets.
   *
   * @param rank this rank
   * @param size number of ranks
   * @return with a timeout of 30 s
   */
  public CommConfig config(int rank, int size) {
    return CommConfig.of(rank, size, rootInfo).withBackend(backend).withTimeout(TIMEOUT);
  }

  /**
   * Opens a communicator on every rank, runs the body and closes it.
   *
   * @param size number of ranks
   * @param body of every rank
   * @throws AssertionError with the failures of all ranks, suppressed in the first one's
   */
  public void run(int size, Body body) {
    List<Optional<Throwable>> failures =
        outcomes(
            size,
            config -> {
              try (Communicator communicator = Communicator.open(config)) {
                body.run(communicator);
              }
            });
    AssertionError error = null;
    for (int rank = 0; rank < size; rank++) {
      if (failures.get(rank).isPresent()) {
        Throwable cause = failures.get(rank).get();
        if (error == null) {
          error = new AssertionError("rank " + rank + " of " + size + ": " + cause, cause);
        } else {
          error.addSuppressed(cause);
        }
      }
    }
    if (error != null) {
      throw error;
    }
  }

  /**
   * Runs something on every rank and reports how it ended.
   *
   * @param size number of ranks
   * @param opening of every rank
   * @return one entry a rank: what it threw, or empty
   * @throws AssertionError if a rank doesn't end within a minute
   */
  public List<Optional<Throwable>> outcomes(int size, Opening opening) {
    Throwable[] thrown = new Throwable[size];
    List<Thread> threads = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      int own = rank;
      Thread thread =
          new Thread(
              () -> {
                try {
                  opening.run(config(own, size));
                } catch (Throwable e) {
                  thrown[own] = e;
                }
              },
              "rank-" + rank);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    List<Optional<Throwable>> outcomes = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      join(threads.get(rank));
      outcomes.add(Optional.ofNullable(thrown[rank]));
    }
    return outcomes;
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(JOINING.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + thread.getName() + " was running", e);
    }
    if (thread.isAlive()) {
      AssertionError error =
          new AssertionError(thread.getName() + " did not end within " + JOINING);
      error.setStackTrace(thread.getStackTrace());
      throw error;
    }
  }
}

package comm.worker;

import comm.api.Communicator;
import comm.worker.RankProcess.RankEnd;
import comm.worker.launch.JobDirectory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The ranks of a job while they run. When one of them fails, the others get the job's grace to fail
 * by themselves, which they do with precise errors of their own; then they are told to end, and
 * after the grace again they are killed. When this JVM is told to end, it takes the ranks with it.
 *
 * <p>Any thread may call any method.
 */
public final class RunningJob implements AutoCloseable {

  private static final Logger LOG = System.getLogger(RunningJob.class.getName());

  /** How long a process may take to disappear after SIGKILL; longer only in a broken kernel. */
  private static final Duration DEATH = Duration.ofSeconds(10);

  private final RankJob job;
  private final Path directory;
  private final RankOutput output;
  private final Instant start = Instant.now();
  private final List<RankProcess> ranks = new ArrayList<>();
  private final CompletableFuture<JobResult> result = new CompletableFuture<>();
  private final ScheduledThreadPoolExecutor timer;
  private final Thread shutdownHook = new Thread(this::endWithJvm, "comm-job-shutdown");
  private final Object outputLock = new Object();
  private boolean receiverFailed;

  /** Why the ranks are ending; the first reason stays. Guarded by this. */
  private @Nullable JobOutcome reason;

  RunningJob(RankJob job, Path directory, RankOutput output) {
    this.job = job;
    this.directory = directory;
    this.output = output;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "comm-job-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** Starts the next rank, unless the job is ending already. */
  synchronized void add(ProcessBuilder builder) throws IOException {
    if (reason == null) {
      int rank = ranks.size();
      RankProcess process = new RankProcess(rank, builder.start(), directory, this::hand, timer);
      ranks.add(process);
      Future<?> unused = process.end().thenAccept(this::ended);
    }
  }

  /** All ranks have been added. */
  synchronized void watch() {
    job.timeLimit().ifPresent(limit -> later(this::expire, limit));
    Future<?> unused =
        CompletableFuture.allOf(
                ranks.stream().map(RankProcess::end).toArray(CompletableFuture[]::new))
            .whenComplete((any, error) -> finish(error));
  }

  private void hand(int rank, boolean isError, String line) {
    synchronized (outputLock) {
      try {
        output.line(rank, isError, line);
      } catch (RuntimeException e) {
        // The ranks must not hang because nobody takes their output any more.
        if (!receiverFailed) {
          receiverFailed = true;
          LOG.log(Level.WARNING, "the receiver of the ranks' output failed on rank " + rank, e);
        }
      }
    }
  }

  private void ended(RankEnd end) {
    if (end.exit().failed() && begin(JobOutcome.FAILED)) {
      later(this::terminateThenKill, job.grace());
    }
  }

  private void expire() {
    if (begin(JobOutcome.TIME_LIMIT)) {
      terminateThenKill();
    }
  }

  /** Settles why the job ends; true for whoever was first. */
  private synchronized boolean begin(JobOutcome why) {
    if (reason != null) {
      return false;
    }
    reason = why;
    return true;
  }

  private void terminateThenKill() {
    snapshot().forEach(RankProcess::terminate);
    later(() -> snapshot().forEach(RankProcess::kill), job.grace());
  }

  private synchronized void later(Runnable step, Duration delay) {
    if (!timer.isShutdown()) {
      Future<?> unused = timer.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized List<RankProcess> snapshot() {
    return List.copyOf(ranks);
  }

  private void finish(@Nullable Throwable error) {
    synchronized (this) {
      timer.shutdownNow();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "the JVM is ending, its hook stays", e);
    }
    deleteDirectory();
    if (isEndedEarly()) {
      // A rank that was killed before all had joined leaves what only the next run would remove.
      Communicator.sweep();
    }
    if (error != null) {
      result.completeExceptionally(error);
    } else {
      result.complete(result(snapshot().stream().map(rank -> rank.end().join()).toList()));
    }
  }

  private synchronized boolean isEndedEarly() {
    return reason != null;
  }

  private void deleteDirectory() {
    try {
      JobDirectory.delete(directory);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the job's directory " + directory + " can't be removed", e);
    }
  }

  private synchronized JobResult result(List<RankEnd> ends) {
    Optional<RankEnd> first =
        ends.stream()
            .filter(end -> end.exit().failed())
            .min(Comparator.comparing(RankEnd::blamesAnother).thenComparing(RankEnd::failedAt));
    return new JobResult(
        reason == null ? JobOutcome.SUCCEEDED : reason,
        ends.stream().map(RankEnd::exit).toList(),
        first.isPresent() ? OptionalInt.of(first.get().exit().rank()) : OptionalInt.empty(),
        Duration.between(start, Instant.now()));
  }

  /**
   * The number of ranks.
   *
   * @return the job's size
   */
  public int size() {
    return job.size();
  }

  /**
   * The process of a rank, for tests and tools that signal it. It may have ended.
   *
   * @param rank 0 ≤ rank &lt; size
   * @return its process
   * @throws IndexOutOfBoundsException if there is no such rank
   */
  public ProcessHandle process(int rank) {
    return snapshot().get(rank).process().toHandle();
  }

  /** The process of a rank, with its standard input. */
  Process child(int rank) {
    return snapshot().get(rank).process();
  }

  /**
   * The process number of a rank.
   *
   * @param rank 0 ≤ rank &lt; size
   * @return its pid
   * @throws IndexOutOfBoundsException if there is no such rank
   */
  public long pid(int rank) {
    return process(rank).pid();
  }

  /**
   * The directory of this job: mode 0700, gone when the job has ended.
   *
   * @return an absolute path
   */
  public Path directory() {
    return directory;
  }

  /**
   * Waits until all ranks have ended and all their output has been handed on: until the job's time
   * limit, or as long as they run if it has none.
   *
   * @return the result
   * @throws InterruptedException if this thread is interrupted; the job goes on
   */
  public JobResult await() throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new CompletionException("the job could not be watched to its end", e.getCause());
    }
  }

  /**
   * Waits until all ranks have ended and all their output has been handed on, or until the time is
   * over.
   *
   * @param timeout how long to wait
   * @return the result, or empty if some rank still runs
   * @throws InterruptedException if this thread is interrupted; the job goes on
   */
  public Optional<JobResult> await(Duration timeout) throws InterruptedException {
    try {
      return Optional.of(result.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new CompletionException("the job could not be watched to its end", e.getCause());
    }
  }

  /**
   * Kills every rank that still runs, and returns once they are gone and the job's directory is
   * removed. Idempotent; returns within seconds. The job's result is then {@link
   * JobOutcome#STOPPED} if it had not begun to end before.
   */
  @Override
  public void close() {
    begin(JobOutcome.STOPPED);
    snapshot().forEach(RankProcess::kill);
    if (!awaitEnd(DEATH)) {
      LOG.log(
          Level.WARNING,
          "ranks {0} are not gone {1} s after SIGKILL; look at them with ps and kill them by hand",
          alive(),
          DEATH.toSeconds());
    }
  }

  private List<Long> alive() {
    return snapshot().stream()
        .map(RankProcess::process)
        .filter(Process::isAlive)
        .map(Process::pid)
        .toList();
  }

  /** Waits through interrupts, so that the bound of {@link #close} is kept and nothing is left. */
  private boolean awaitEnd(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean wasInterrupted = false;
    try {
      while (true) {
        try {
          return await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))).isPresent();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ctrl-C or SIGTERM to this JVM: ranks may run their own hooks, then they are killed. */
  private void endWithJvm() {
    begin(JobOutcome.STOPPED);
    snapshot().forEach(RankProcess::terminate);
    Duration grace = job.grace();
    if (!awaitEnd(grace.compareTo(RankJob.DEFAULT_GRACE) < 0 ? grace : RankJob.DEFAULT_GRACE)) {
      close();
    }
  }

  /** {@return the program and the number of ranks} */
  @Override
  public String toString() {
    return job.program() + " on " + job.size() + " ranks in " + directory;
  }
}
